import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { clickSave, contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Choice extends models.Model {
    _name = "crm.choice";

    name = fields.Char();
    short_name = fields.Char();
    text_color = fields.Char();
    background_color = fields.Char();

    _records = [
        { id: 1, name: "New customer", short_name: "New", text_color: "#1E40AF", background_color: "#DBEAFE" },
        { id: 2, name: "Renewal", text_color: "#FFFF00", background_color: "#FFFFFF" },
        { id: 3, name: "Plain" },
    ];
}

class Lead extends models.Model {
    _name = "crm.lead";

    has_salesboard_sms() {
        return false;
    }

    name = fields.Char();
    kind_id = fields.Many2one({ string: "Kind", relation: "crm.choice" });
    topic_ids = fields.Many2many({ string: "Topics", relation: "crm.choice" });

    _records = [
        { id: 1, name: "Alpha", kind_id: 1, topic_ids: [1, 3] },
        { id: 2, name: "Beta", kind_id: 3, topic_ids: [] },
        { id: 3, name: "Gamma", kind_id: false, topic_ids: [2] },
    ];
}

defineMailModels();
defineModels([Choice, Lead]);

const BLUE = { color: "rgb(30, 64, 175)", "background-color": "rgb(219, 234, 254)" };
// Yellow on white cannot be read.
const RENEWAL = { color: "rgb(0, 0, 0)", "background-color": "rgb(255, 255, 255)" };

test("a list shows each choice as a badge in its colours, asked for with the records", async () => {
    onRpc("crm.choice", "*", ({ method }) => expect.step(method));
    await mountView({
        type: "list",
        resModel: "crm.lead",
        arch: `<list><field name="name"/><field name="kind_id" widget="crm_choice"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell[name=kind_id]")).toEqual(["New customer", "Plain", ""]);
    expect(".o_data_row:eq(0) .o_crm_choice_badge").toHaveStyle(BLUE);
    expect(".o_data_row:eq(1) .o_crm_choice_badge").not.toHaveAttribute("style");
    expect.verifySteps([]);
});

test("a card shows the short name where there is one, and nothing where nothing was chosen", async () => {
    await mountView({
        type: "kanban",
        resModel: "crm.lead",
        arch: `<kanban><templates><t t-name="card">
            <field name="name"/>
            <field name="kind_id" widget="crm_choice" options="{'short': True}"/>
            <field name="topic_ids" widget="crm_choices" options="{'short': True}"/>
        </t></templates></kanban>`,
    });
    expect(queryAllTexts(".o_crm_choice_badge")).toEqual(["New", "Plain"]);
    expect(".o_crm_choice_badge:eq(0)").toHaveAttribute("title", "New customer");
    expect(queryAllTexts(".o_crm_choice_tag")).toEqual(["New", "Plain", "Renewal"]);
    expect(".o_crm_choice_tag:eq(2)").toHaveStyle(RENEWAL);
    expect(".o_kanban_record input").toHaveCount(0);
});

test("the form offers the choices in their colours and shows the one that was picked at once", async () => {
    onRpc("crm.choice", "web_read", () => expect.step("read again"));
    onRpc("crm.lead", "web_save", ({ args }) => expect.step(args[1]));
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `<form><field name="name"/><field name="kind_id" widget="crm_choice"/></form>`,
    });
    expect(".o_crm_choice_edit > .o_crm_choice_badge").toHaveText("New customer");
    await contains("[name=kind_id] input").click();
    expect(".o_crm_choice_edit > .o_crm_choice_badge").not.toBeVisible();
    const offered = ".o-autocomplete--dropdown-item .o_crm_choice_badge";
    expect(queryAllTexts(offered)).toEqual(["New customer", "Renewal", "Plain"]);
    expect(`${offered}:eq(1)`).toHaveStyle(RENEWAL);
    await contains(`${offered}:eq(1)`).click();
    await contains("[name=name] input").click();
    expect(".o_crm_choice_edit > .o_crm_choice_badge").toHaveText("Renewal");
    expect(".o_crm_choice_edit > .o_crm_choice_badge").toHaveStyle(RENEWAL);
    await clickSave();
    expect.verifySteps([{ kind_id: 2 }]);
});

test("a choice is emptied by deleting its text, and none can be made in passing", async () => {
    onRpc("crm.lead", "web_save", ({ args }) => expect.step(args[1]));
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `<form><field name="kind_id" widget="crm_choice"/></form>`,
    });
    await contains("[name=kind_id] input").edit("Brand new", { confirm: false });
    await animationFrame();
    expect(".o_m2o_dropdown_option_create, .o_m2o_dropdown_option_create_edit").toHaveCount(0);
    await contains("[name=kind_id] input").edit("", { confirm: false });
    await runAllTimers();
    await press("tab");
    await animationFrame();
    expect(".o_crm_choice_badge").toHaveCount(0);
    await clickSave();
    expect.verifySteps([{ kind_id: false }]);
});

test("read-only there is a badge and no way to edit", async () => {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `<form><field name="kind_id" widget="crm_choice" readonly="1"/>
            <field name="topic_ids" widget="crm_choices" readonly="1"/></form>`,
    });
    expect("[name=kind_id] .o_crm_choice_badge").toHaveStyle(BLUE);
    expect(queryAllTexts(".o_crm_choice_tag")).toEqual(["New customer", "Plain"]);
    expect("input").toHaveCount(0);
    expect(".o_field_crm_choice a").toHaveCount(0);
});

test("one choice is given to several projects in a list", async () => {
    onRpc("crm.lead", "web_save", ({ args }) => expect.step(args));
    await mountView({
        type: "list",
        resModel: "crm.lead",
        arch: `<list multi_edit="1"><field name="name"/><field name="kind_id" widget="crm_choice"/></list>`,
    });
    await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
    await contains(".o_data_row:eq(2) .o_list_record_selector input").click();
    await contains(".o_data_row:eq(2) [name=kind_id]").click();
    await contains(".o_data_row:eq(2) [name=kind_id] input").click();
    await contains(".o-autocomplete--dropdown-item .o_crm_choice_badge:contains(Renewal)").click();
    await contains(".modal .btn-primary").click();
    expect(queryAllTexts(".o_data_cell[name=kind_id]")).toEqual(["Renewal", "Plain", "Renewal"]);
    expect(".o_data_row:eq(0) .o_crm_choice_badge").toHaveStyle(RENEWAL);
    expect.verifySteps([[[1, 3], { kind_id: 2 }]]);
});

test("several choices are tags in their colours; more are added from a coloured list", async () => {
    onRpc("crm.lead", "web_save", ({ args }) => expect.step(args[1]));
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `<form><field name="topic_ids" widget="crm_choices"/></form>`,
    });
    expect(queryAllTexts(".o_crm_choice_tag")).toEqual(["New customer", "Plain"]);
    expect(".o_crm_choice_tag:eq(0)").toHaveStyle(BLUE);
    expect(".o_crm_choice_tag:eq(1)").toHaveClass("o_tag_color_0");
    await contains("[name=topic_ids] input").click();
    expect(".o-autocomplete--dropdown-item .o_crm_choice_badge:contains(Renewal)").toHaveStyle(RENEWAL);
    await contains(".o-autocomplete--dropdown-item .o_crm_choice_badge:contains(Renewal)").click();
    expect(".o_crm_choice_tag:eq(2)").toHaveStyle(RENEWAL);
    await contains(".o_crm_choice_tag:eq(0) .o_delete").click();
    expect(".o_crm_choice_tag").toHaveCount(2);
    await clickSave();
    expect.verifySteps([
        {
            topic_ids: [
                [4, 2],
                [3, 1],
            ],
        },
    ]);
});

test("the search panel shows the same badges, folded until it is unfolded", async () => {
    onRpc("crm.lead", "search_panel_select_range", () => ({
        parent_field: false,
        values: [
            { id: 1, display_name: "New customer", text_color: "#1E40AF", background_color: "#DBEAFE", __count: 2 },
            { id: 3, display_name: "Plain", text_color: false, background_color: false, __count: 1 },
        ],
    }));
    onRpc("crm.lead", "search_panel_select_multi_range", () => ({
        values: [{ id: 2, display_name: "Renewal", text_color: "#FFFF00", background_color: "#FFFFFF" }],
    }));
    await mountView({
        type: "list",
        resModel: "crm.lead",
        arch: `<list js_class="salesboard_list"><field name="name"/></list>`,
        searchViewArch: `<search><searchpanel>
            <field name="kind_id" enable_counters="1"/>
            <field name="topic_ids" select="multi"/>
        </searchpanel></search>`,
    });
    expect(".o_search_panel").toHaveCount(0);
    await contains(".o_search_panel_sidebar button").click();
    expect(queryAllTexts(".o_search_panel .o_crm_choice_badge")).toEqual(["New customer", "Plain", "Renewal"]);
    expect(".o_search_panel .o_crm_choice_badge:eq(0)").toHaveStyle(BLUE);
    expect(".o_search_panel .o_crm_choice_badge:eq(1)").not.toHaveAttribute("style");
    expect(".o_search_panel .o_crm_choice_badge:eq(2)").toHaveStyle(RENEWAL);
    expect(".o_search_panel_label_title:contains(All)").not.toHaveClass("o_crm_choice_badge");
    await contains(".o_search_panel .o_crm_choice_badge:contains(Plain)").click();
    expect(queryAllTexts(".o_data_cell[name=name]")).toEqual(["Beta"]);
});
