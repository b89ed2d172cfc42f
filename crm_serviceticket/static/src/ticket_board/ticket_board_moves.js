import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";
import { columnOf } from "@crm_salesboard/sales_board/sales_board_moves";

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

/** Move a card as dropping it on the column does, with the same question and the same undo. */
export function moveCard(model, record, statusId) {
    const source = columnOf(model, record.resId);
    const target = model.root.groups.find((group) => group.value === statusId);
    return model.root.moveRecord(record.id, source.id, null, target.id);
}
