import { KanbanQuickCreateController, KanbanRecordQuickCreate } from "@web/views/kanban/kanban_record_quick_create";

class SalesBoardQuickCreateController extends KanbanQuickCreateController {
    static template = "crm_salesboard.SalesBoardQuickCreate";
}

/** Odoo's quick create, with a name for its button that has none. */
export class SalesBoardQuickCreate extends KanbanRecordQuickCreate {
    static components = { KanbanQuickCreateController: SalesBoardQuickCreateController };
}
