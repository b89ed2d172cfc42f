import { badgeStyle } from "../crm_choice/contrast";
import { SWITCHES } from "./sales_board_search_model";

/** Whether cards are in the columns of the board, and not grouped by something else. */
export function hasColumns(model) {
    const { isGrouped, groupByField } = model.root;
    return Boolean(isGrouped && groupByField?.name === model.columnField);
}

/** The column, as the board shows it, that holds a card; undefined where cards are grouped by something else. */
export function columnOf(model, resId) {
    if (hasColumns(model)) {
        return model.root.groups.find((group) => group.list.records.some((record) => record.resId === resId));
    }
}

/**
 * Where a card can go: the columns of its process in the order of the board, then those that are switched off.
 *
 * @returns {{id: number, name: string, kind: string, style: string}[]}
 */
export function getMoves(model, record) {
    const source = columnOf(model, record.resId);
    const from = source && model.columnInfo(source.value);
    if (!from) {
        return [];
    }
    const shown = model.root.groups.map((group) => group.value);
    const hidden = Object.keys(model.board.data.info).map(Number);
    hidden.sort((one, other) => rankOf(model, one) - rankOf(model, other));
    return [...new Set([...shown, ...hidden])]
        .filter((id) => id !== source.value && model.columnInfo(id)?.process === from.process)
        .map((id) => {
            const { name, kind } = model.columnInfo(id);
            return { id, name, kind, style: badgeStyle(model.columnInfo(id)) };
        });
}

function rankOf(model, columnId) {
    return SWITCHES.indexOf(model.columnInfo(columnId).kind);
}

/** The column beside that of a card: 1 for the next one, -1 for the one before. */
export function columnBeside(model, record, step) {
    const { groups } = model.root;
    return groups[groups.indexOf(columnOf(model, record.resId)) + step];
}

/**
 * Move a card as dropping it on the column does, with the same questions and the same undo. The column need not be
 * on the board.
 *
 * @param {number} columnId
 */
export async function moveCard(model, record, columnId) {
    const source = columnOf(model, record.resId);
    const target = model.root.groups.find((group) => group.value === columnId);
    if (target) {
        return model.root.moveRecord(record.id, source.id, null, target.id);
    }
    if (await model.moveToHiddenColumn(record.resId, source.value, columnId)) {
        model.offerUndo(record, source, { value: columnId, displayName: model.columnInfo(columnId).name });
    }
}
