import { onPatched, useState } from "@odoo/owl";
import { CrmKanbanRenderer } from "@crm/views/crm_kanban/crm_kanban_renderer";
import { useLoadOnScroll } from "./load_on_scroll";
import { SalesBoardCard } from "./sales_board_card";
import { SalesBoardColumns } from "./sales_board_columns";
import { useBoardFocus } from "./sales_board_focus";
import { SalesBoardHeader } from "./sales_board_header";
import { BoardKeyboard, useBoardKeyboard } from "./sales_board_keyboard";
import { hasColumns } from "./sales_board_moves";
import { SalesBoardQuickCreate } from "./sales_board_quick_create";

// A screenful or two, once the first cards of a column have been scrolled through.
const NEXT_CARDS = 40;

/**
 * A kanban as a board: worked by keys, one column at a time on a phone, its next cards read while scrolling.
 *
 * @param {typeof import("@web/views/kanban/kanban_renderer").KanbanRenderer} Renderer
 */
export const boardRenderer = (Renderer) =>
    class extends Renderer {
        static components = {
            ...Renderer.components,
            KanbanRecordQuickCreate: SalesBoardQuickCreate,
            SalesBoardColumns,
        };
        static Keyboard = BoardKeyboard;

        setup() {
            // before Odoo's own, which scrolls to the column without asking whether a reload has replaced it
            onPatched(() => this.forgetReplacedColumn());
            super.setup();
            const { model } = this.props.list;
            useLoadOnScroll(this.rootRef, (groupId) => {
                const group = this.props.list.groups?.find(({ id }) => id === groupId);
                return group && this.loadMore(group);
            });
            this.focus = useBoardFocus(model, this.rootRef);
            this.onKeydown = useBoardKeyboard(model, this.rootRef, this.focus, this.constructor.Keyboard);
        }

        get hasColumns() {
            return hasColumns(this.props.list.model);
        }

        forgetReplacedColumn() {
            if (!this.props.list.groups?.some(({ id }) => id === this.lastOpenedGroupId)) {
                delete this.lastOpenedGroupId;
            }
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
    };

const BoardRenderer = boardRenderer(CrmKanbanRenderer);

export class SalesBoardRenderer extends BoardRenderer {
    static template = "crm_salesboard.SalesBoardRenderer";
    static components = {
        ...BoardRenderer.components,
        KanbanHeader: SalesBoardHeader,
        KanbanRecord: SalesBoardCard,
    };

    setup() {
        super.setup();
        this.board = useState(this.props.list.model.board);
    }

    /** @override An empty column says enough; the sums tell that there is nothing. */
    get showNoContentHelper() {
        return super.showNoContentHelper && !this.props.list.groups?.length;
    }
}
