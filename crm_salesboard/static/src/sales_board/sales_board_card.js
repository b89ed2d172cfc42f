import { CrmKanbanRenderer } from "@crm/views/crm_kanban/crm_kanban_renderer";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { BoardDropdown } from "./sales_board_dropdown";
import { getMoves, moveCard } from "./sales_board_moves";

const { KanbanRecord } = CrmKanbanRenderer.components;

/** A card: named by customer, subject and value, with the columns it can go to in its menu. */
export class SalesBoardCard extends KanbanRecord {
    static template = "crm_salesboard.SalesBoardCard";
    static menuTemplate = "crm_salesboard.SalesBoardCardMenu";
    static components = { ...KanbanRecord.components, Dropdown: BoardDropdown };

    get customer() {
        const { partner_id: partner, partner_name: company, contact_name: person } = this.props.record.data;
        return partner?.display_name || company || person || "";
    }

    get cardLabel() {
        const { data } = this.props.record;
        const value = data.won_status === "won" ? data.actual_revenue : data.expected_revenue;
        const amount = formatMonetary(value, { currencyId: data.company_currency?.id, trailingZeros: false });
        return [this.customer, data.name, amount].filter(Boolean).join(", ");
    }

    get menuLabel() {
        return _t("Actions for %s", this.customer || this.props.record.data.name);
    }

    /** From 1 on; undefined where cards are not in columns. */
    get position() {
        const { group, record } = this.props;
        return group && group.list.records.indexOf(record) + 1;
    }

    get moves() {
        return getMoves(this.props.record.model, this.props.record);
    }

    moveTo({ id }) {
        return moveCard(this.props.record.model, this.props.record, id);
    }
}
