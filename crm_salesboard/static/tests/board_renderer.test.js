import { expect, test } from "@odoo/hoot";
import { queryAll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { onMounted } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { fields, models, mountView, defineModels } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { boardRenderer } from "@crm_salesboard/sales_board/sales_board_renderer";

class Step extends models.Model {
    _name = "step";
    name = fields.Char();
    _records = [
        { id: 1, name: "First" },
        { id: 2, name: "Second" },
    ];
}

class Work extends models.Model {
    _name = "work";
    name = fields.Char();
    step_id = fields.Many2one({ relation: "step" });
    _records = [
        { id: 1, name: "One", step_id: 1 },
        { id: 2, name: "Two", step_id: 2 },
    ];
}

defineMailModels();
defineModels([Step, Work]);

test("a column that a reload replaced while it was unfolded is not scrolled to", async () => {
    let renderer;
    class Renderer extends boardRenderer(KanbanRenderer) {
        setup() {
            super.setup();
            onMounted(() => (renderer = this));
        }
    }
    registry.category("views").add("work_board", { ...kanbanView, Renderer });
    await mountView({
        resModel: "work",
        type: "kanban",
        arch: `<kanban js_class="work_board"><templates><t t-name="card"><field name="name"/></t></templates></kanban>`,
        groupBy: ["step_id"],
    });
    renderer.lastOpenedGroupId = "replaced";
    renderer.render();
    await animationFrame();
    expect(queryAll(".o_kanban_group").length).toBe(2);
    expect(renderer.lastOpenedGroupId).toBe(undefined);
});
