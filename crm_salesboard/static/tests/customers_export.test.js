import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { Deferred, describe, expect, test } from "@odoo/hoot";
import { animationFrame, queryAllTexts, queryText } from "@odoo/hoot-dom";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { WebClient } from "@web/webclient/webclient";
import { CustomersExportDialog, rememberedChoice } from "@crm_salesboard/customers_export/customers_export_dialog";

describe.current.tags("desktop");
defineMailModels();

const OFFER = {
    projects: 5000,
    customers: 3000,
    nameless: 2,
    columns: [
        { name: "name", label: "Customer", group: "customer" },
        { name: "vat", label: "Tax ID", group: "customer" },
        { name: "count", label: "Number of Projects", group: "project" },
    ],
    default_columns: ["name", "count"],
    formats: [
        { name: "xlsx", label: "XLSX" },
        { name: "csv", label: "CSV" },
    ],
};

const progress = (done) => ({ id: 7, done, total: 3000, is_finished: done === 3000 });

async function openDialog(step) {
    onRpc("crm.board.export", "prepare_export", () => OFFER);
    onRpc("crm.board.export", "start_export", ({ args }) => {
        expect.step(`start ${args[1].join()} ${args[2]}`);
        return progress(0);
    });
    onRpc("crm.board.export", "step", step);
    onRpc("crm.board.export", "cancel_export", () => expect.step("cancelled") || true);
    onRpc("res.users.settings", "set_res_users_settings", () => ({}));
    patchWithCleanup(download, {
        _download: async ({ url }) => expect.step(url),
    });
    await mountWithCleanup(WebClient);
    getService("dialog").add(CustomersExportDialog, { domain: [["id", ">", 1]] });
    await animationFrame();
}

test("the choice of last time holds as far as it is still offered", () => {
    const choice = (settings) => {
        const { columns, format, perProject } = rememberedChoice(OFFER, settings);
        return [[...columns], format, perProject];
    };
    expect(choice(undefined)).toEqual([["name", "count"], "xlsx", false]);
    expect(choice("not json")).toEqual([["name", "count"], "xlsx", false]);
    expect(choice('{"columns":["vat","gone"],"format":"csv","perProject":true}')).toEqual([["vat"], "csv", true]);
    expect(choice('{"columns":["gone"],"format":"pdf"}')).toEqual([["name", "count"], "xlsx", false]);
});

test("it goes on part by part, and after an error where it stopped", async () => {
    const answers = [progress(1000), null, progress(2000), progress(3000)];
    await openDialog(() => {
        const answer = answers.shift();
        if (!answer) {
            throw makeServerError({ message: "The database is away." });
        }
        expect.step(`step ${answer.done}`);
        return answer;
    });
    expect(queryText(".o_salesboard_export_counts")).toInclude("3,000 customers of 5,000 projects");
    expect(queryText(".o_salesboard_export_nameless")).toInclude("2 of these projects tell no customer");
    await contains("[name=vat]").click();
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["start name,vat,count xlsx", "step 1000"]);
    expect(queryText(".modal [role=alert]")).toInclude("The database is away.");
    expect(queryText(".o_salesboard_export_progress")).toBe("1,000 of 3,000 customers");
    expect(".progress").toHaveAttribute("aria-valuenow", "33");
    await contains(".modal-footer .btn-primary:contains(Try again)").click();
    await animationFrame();
    expect.verifySteps(["step 2000", "step 3000", "/crm_salesboard/customers/7"]);
    expect(queryAllTexts(".modal-footer button")).toEqual(["Download again", "Close"]);
    await contains(".modal-footer button:contains(Close)").click();
    expect.verifySteps(["cancelled"]);
});

test("cancelling ends after the present part, without a file", async () => {
    const part = new Deferred();
    await openDialog(() => {
        expect.step("step");
        return part;
    });
    await contains(".modal-footer .btn-primary").click();
    expect.verifySteps(["start name,count xlsx", "step"]);
    await contains(".modal-footer button:contains(Cancel)").click();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([]);
    part.resolve(progress(1000));
    await animationFrame();
    expect.verifySteps(["cancelled"]);
});
