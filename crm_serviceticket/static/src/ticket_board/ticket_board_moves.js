import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";
import { STATUS_FIELD } from "./ticket_board_model";

export function hasColumns(model) {
    const { isGrouped, groupByField } = model.root;
    return Boolean(isGrouped && groupByField?.name === STATUS_FIELD);
}

/** The column that holds a card; undefined where cards are grouped by something else. */
export function columnOf(model, resId) {
    if (hasColumns(model)) {
        return model.root.groups.find((group) => group.list.records.some((record) => record.resId === resId));
    }
}

/** Where a card can go. @returns {{id: number, name: string, style: string}[]} */
export function getMoves(model, record) {
    const source = columnOf(model, record.resId);
    return (source ? model.root.groups : [])
        .filter((group) => group !== source && group.value)
        .map(({ value, displayName }) => ({
            id: value,
            name: displayName,
            style: badgeStyle(model.columnInfo(value)),
        }));
}

/** The column beside that of a card: 1 for the next one, -1 for the one before. */
export function columnBeside(model, record, step) {
    const { groups } = model.root;
    return groups[groups.indexOf(columnOf(model, record.resId)) + step];
}

/** Move a card as dropping it on the column does, with the same question and the same undo. */
export function moveCard(model, record, statusId) {
    const source = columnOf(model, record.resId);
    const target = model.root.groups.find((group) => group.value === statusId);
    return model.root.moveRecord(record.id, source.id, null, target.id);
}
