import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CrmKanbanRenderer } from "@crm/views/crm_kanban/crm_kanban_renderer";
import { badgeStyle } from "../crm_choice/contrast";
import { SalesBoardColumnMenu } from "./sales_board_column_menu";
import { currencyBreakdown, formatAmount, formatCount } from "./figures";

const BoardHeader = boardHeader(CrmKanbanRenderer.components.KanbanHeader);
const MEASURES = ["projected", "weighted", "actual"];

/**
 * The head of a column of a board: a status in its colours.
 *
 * @param {typeof import("@web/views/kanban/kanban_header").KanbanHeader} KanbanHeader
 */
export function boardHeader(KanbanHeader) {
    return class extends KanbanHeader {
        static components = { ...KanbanHeader.components, GroupConfigMenu: SalesBoardColumnMenu };

        setup() {
            super.setup();
            this.model = this.props.list.model;
            this.board = useState(this.model.board);
            this.formatCount = formatCount;
        }

        get isColumn() {
            return this.group.groupByField.name === this.model.columnField && Boolean(this.info);
        }

        get info() {
            return this.board.data?.info[this.group.value];
        }

        get colors() {
            return badgeStyle(this.info);
        }

        get unfoldLabel() {
            return _t("Unfold %s", this.group.displayName);
        }
    };
}

/** The head of a column: the status, the number, and the sums that are not zero. */
export class SalesBoardHeader extends BoardHeader {
    static template = "crm_salesboard.SalesBoardHeader";

    get figures() {
        return this.board.data?.columns[this.group.value];
    }

    get count() {
        return this.figures?.count || 0;
    }

    /** The number as screen readers say it. */
    get countLabel() {
        return this.count === 1 ? _t("1 project") : _t("%s projects", formatCount(this.count));
    }

    get addLabel() {
        return _t("Add a project to %s", this.group.displayName);
    }

    get severalProcesses() {
        const groups = this.props.list.groups;
        return new Set(groups.map((group) => this.model.columnInfo(group.value)?.process)).size > 1;
    }

    get sums() {
        const labels = { projected: _t("Projected"), weighted: _t("Weighted"), actual: _t("Actual") };
        const { figures } = this;
        if (!figures) {
            return [];
        }
        return MEASURES.filter((measure) => figures[measure]).map((measure) => ({
            measure,
            label: labels[measure],
            value: formatAmount(figures[measure], this.env.isSmall),
            title: currencyBreakdown(figures, measure, this.board.data.currency_id),
        }));
    }

    /** @override */
    canQuickCreate() {
        return super.canQuickCreate() && (!this.isColumn || ["unprocessed", "status"].includes(this.info.kind));
    }

    openList(measure) {
        return this.model.openList(this.group.value, measure);
    }
}
