/**
 * A scorecard without a menu of its own opens the records that its number counts, as a number in a pivot does. A share
 * opens those it is a share of. What is calculated otherwise, as a sum, would open less than it counts: it opens none.
 */
import { components } from "@odoo/o-spreadsheet";
import { SEE_RECORDS_PIVOT, SEE_RECORDS_PIVOT_VISIBLE } from "@spreadsheet/pivot/pivot_actions";
import "@spreadsheet/chart/odoo_menu/figure_component";
import { patch } from "@web/core/utils/patch";

// Formulas can name each other in a circle.
const MAX_DEPTH = 10;
// What makes another number; comparisons choose one.
const CALCULATING = ["+", "-", "*", "/", "^", "&"];

const isCell = ({ zone }) => zone.left === zone.right && zone.top === zone.bottom;
const positionOf = ({ sheetId, zone }) => ({ sheetId, col: zone.left, row: zone.top });
const isSame = (range, other) =>
    range.sheetId === other.sheetId && range.zone.left === other.zone.left && range.zone.top === other.zone.top;

/** Whether the last cell that a formula names is what all the rest of it is divided by. */
function isShare(tokens) {
    let depth = 0;
    const operators = [];
    let last = -1; // the operator before the last reference
    let previous = null;
    for (const { type, value } of tokens.filter(({ type }) => type !== "SPACE")) {
        depth += { LEFT_PAREN: 1, RIGHT_PAREN: -1 }[type] || 0;
        if (type === "OPERATOR") {
            operators.push({ value, depth });
        } else if (type === "REFERENCE") {
            last = previous === "OPERATOR" ? operators.length - 1 : -1;
        }
        previous = type;
    }
    const others = operators.filter(({ value }, index) => index !== last && CALCULATING.includes(value));
    const division = operators[last];
    return division?.value === "/" && others.every((other) => other.depth > division.depth);
}

/** The cell whose records stand for those of a formula, undefined where none does. */
function cellBehind({ tokens, dependencies }) {
    const last = dependencies.at(-1);
    const isOnly = dependencies.every((range) => isCell(range) && isSame(range, last));
    return isCell(last) && (isOnly || isShare(tokens)) ? last : undefined;
}

/**
 * @param {Object} position of the cell with the number
 * @returns {Object|undefined} the position of the pivot's number behind it
 */
export function findRecordsPosition(getters, position, depth = 0) {
    if (SEE_RECORDS_PIVOT_VISIBLE(position, getters)) {
        return position;
    }
    const formula = getters.getCorrespondingFormulaCell(position)?.compiledFormula;
    const range = formula?.dependencies?.length ? cellBehind(formula) : undefined;
    return range && depth < MAX_DEPTH ? findRecordsPosition(getters, positionOf(range), depth + 1) : undefined;
}

patch(components.ScorecardChart.prototype, {
    get recordsPosition() {
        const { getters } = this.env.model;
        const { keyValue } = getters.getChartDefinition(this.props.chartId);
        const range = keyValue && getters.getRangeFromSheetXC(getters.getActiveSheetId(), keyValue);
        return range && isCell(range) ? findRecordsPosition(getters, positionOf(range)) : undefined;
    },
    get hasOdooMenu() {
        return super.hasOdooMenu || Boolean(this.recordsPosition);
    },
    async navigateToOdooMenu(newWindow) {
        if (super.hasOdooMenu) {
            return super.navigateToOdooMenu(newWindow);
        }
        await SEE_RECORDS_PIVOT(this.recordsPosition, this.env, newWindow);
    },
});
