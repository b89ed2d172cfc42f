import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { clickSave, contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    stage_id = fields.Many2one({ relation: "crm.stage" });
    document_count = fields.Integer();
    call_count = fields.Integer();
    child_ids = fields.One2many({ relation: "crm.lead", relation_field: "parent_id" });
    parent_id = fields.Many2one({ relation: "crm.lead" });

    _records = [
        { id: 1, name: "Alpha", document_count: 3, call_count: 0, child_ids: [2], stage_id: 1 },
        { id: 2, name: "Beta", document_count: 0, call_count: 12, stage_id: 1 },
    ];
}

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "Offer" },
        { id: 2, name: "Order" },
    ];
}

defineMailModels();
defineModels([Lead, Stage]);

const arch = `
    <form js_class="crm_project_form">
        <field name="stage_id"/>
        <field name="document_count" invisible="1"/>
        <field name="call_count" invisible="1"/>
        <notebook>
            <page name="summary" string="Summary"><field name="name"/></page>
            <page name="hidden" string="Hidden" count="call_count" invisible="1"/>
            <page name="documents" string="Documents" count="document_count"/>
            <page name="calls" string="Calls" count="call_count" invisible="name == 'Quiet'"/>
            <page name="children" string="Children" count="child_ids">
                <field name="child_ids"><list editable="bottom"><field name="name"/></list></field>
            </page>
        </notebook>
    </form>`;

test("a tab shows how much its page holds, and nothing at none", async () => {
    await mountView({ type: "form", resModel: "crm.lead", resIds: [1, 2], resId: 1, arch });
    expect(queryAllTexts(".o_notebook .nav-link")).toEqual(["Summary", "Documents 3", "Calls", "Children 1"]);
    expect(queryAllTexts(".o_crm_page_count")).toEqual(["3", "1"]);
    await contains(".o_pager_next").click();
    expect(queryAllTexts(".o_notebook .nav-link")).toEqual(["Summary", "Documents", "Calls 12", "Children"]);
});

test("the number follows what is added on the page, and what the server says after saving", async () => {
    onRpc("crm.lead", "web_save", ({ parent }) => {
        const [lead] = parent();
        return [{ ...lead, document_count: 4 }];
    });
    await mountView({ type: "form", resModel: "crm.lead", resId: 1, arch });
    await contains(".nav-link[name=children]").click();
    await contains(".o_field_x2many_list_row_add a").click();
    await contains(".o_selected_row [name=name] input").edit("Gamma", { confirm: "blur" });
    expect(".nav-link[name=children] .o_crm_page_count").toHaveText("2");
    await clickSave();
    expect(".nav-link[name=documents] .o_crm_page_count").toHaveText("4");
});

test("the form is Odoo's own: a status that changes still asks for the rainbow", async () => {
    onRpc("crm.lead", "get_rainbowman_message", () => {
        expect.step("rainbow");
        return false;
    });
    await mountView({ type: "form", resModel: "crm.lead", resId: 1, arch });
    await contains("[name=stage_id] input").click();
    await contains(".o-autocomplete--dropdown-item:contains(Order)").click();
    await clickSave();
    expect.verifySteps(["rainbow"]);
});
