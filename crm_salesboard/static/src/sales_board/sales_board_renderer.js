import { useState } from "@odoo/owl";
import { CrmKanbanRenderer } from "@crm/views/crm_kanban/crm_kanban_renderer";
import { useLoadOnScroll } from "./load_on_scroll";
import { SalesBoardCard } from "./sales_board_card";
import { SalesBoardColumns } from "./sales_board_columns";
import { useBoardFocus } from "./sales_board_focus";
import { SalesBoardHeader } from "./sales_board_header";
import { useBoardKeyboard } from "./sales_board_keyboard";
import { BOARD_FIELD } from "./sales_board_model";
import { SalesBoardQuickCreate } from "./sales_board_quick_create";

// A screenful or two, once the first cards of a column have been scrolled through.
const NEXT_CARDS = 40;

export class SalesBoardRenderer extends CrmKanbanRenderer {
    static template = "crm_salesboard.SalesBoardRenderer";
    static components = {
        ...CrmKanbanRenderer.components,
        KanbanHeader: SalesBoardHeader,
        KanbanRecord: SalesBoardCard,
        KanbanRecordQuickCreate: SalesBoardQuickCreate,
        SalesBoardColumns,
    };

    setup() {
        super.setup();
        const { model } = this.props.list;
        this.board = useState(model.board);
        useLoadOnScroll(this.rootRef, (groupId) => {
            const group = this.props.list.groups?.find(({ id }) => id === groupId);
            return group && this.loadMore(group);
        });
        this.focus = useBoardFocus(model, this.rootRef);
        this.onKeydown = useBoardKeyboard(model, this.rootRef, this.focus);
    }

    get hasColumns() {
        return this.props.list.isGrouped && this.props.list.groupByField.name === BOARD_FIELD;
    }

    /** @override */
    loadMore(group) {
        return group.list.loadNext(NEXT_CARDS);
    }

    /** @override An unfolded column keeps the focus that its button had. */
    async onGroupClick(group) {
        const unfolds = group.isFolded;
        await super.onGroupClick(...arguments);
        if (unfolds && !group.isFolded) {
            this.focus.toColumn(group);
        }
    }

    /** @override */
    async validateQuickCreate() {
        await super.validateQuickCreate(...arguments);
        await this.props.list.model.loadBoard();
    }

    /** @override An empty column says enough; the sums tell that there is nothing. */
    get showNoContentHelper() {
        return super.showNoContentHelper && !this.props.list.groups?.length;
    }
}
