/**
 * A scorecard without a menu of its own opens the records that its number counts, as a number in a pivot does. A number
 * that is calculated, as a share, opens those it is a share of: of the last number that its formula names.
 */
import { components } from "@odoo/o-spreadsheet";
import { SEE_RECORDS_PIVOT, SEE_RECORDS_PIVOT_VISIBLE } from "@spreadsheet/pivot/pivot_actions";
import "@spreadsheet/chart/odoo_menu/figure_component";
import { patch } from "@web/core/utils/patch";

// Formulas can name each other in a circle.
const MAX_DEPTH = 10;

const positionOf = ({ sheetId, zone }) => ({ sheetId, col: zone.left, row: zone.top });

/**
 * @param {Object} position of the cell with the number
 * @returns {Object|undefined} the position of the pivot's number behind it
 */
export function findRecordsPosition(getters, position, depth = 0) {
    if (SEE_RECORDS_PIVOT_VISIBLE(position, getters)) {
        return position;
    }
    const range = getters.getCorrespondingFormulaCell(position)?.compiledFormula.dependencies?.at(-1);
    return range && depth < MAX_DEPTH ? findRecordsPosition(getters, positionOf(range), depth + 1) : undefined;
}

patch(components.ScorecardChart.prototype, {
    get recordsPosition() {
        const { getters } = this.env.model;
        const { keyValue } = getters.getChartDefinition(this.props.chartId);
        const range = keyValue && getters.getRangeFromSheetXC(getters.getActiveSheetId(), keyValue);
        return range && findRecordsPosition(getters, positionOf(range));
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
