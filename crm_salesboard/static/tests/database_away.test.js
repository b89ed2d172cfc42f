import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { makeMockEnv, mockService } from "@web/../tests/web_test_helpers";
import { RPCError } from "@web/core/network/rpc";
import "@crm_salesboard/database_away/database_away";

defineMailModels();

test("a database that went away in the middle is told as what to do, without its own words", async () => {
    expect.errors(1);
    const error = new RPCError();
    error.exceptionName = "psycopg2.errors.AdminShutdown";
    error.message = "Odoo Server Error";
    error.data = { message: "terminating connection due to administrator command", debug: "Traceback" };
    mockService("dialog", { add: () => expect.step("dialog") });
    mockService("notification", {
        add: (message, { title, sticky }) => expect.step(`${title}|${message}|${sticky}`),
    });
    await makeMockEnv();
    Promise.reject(error);
    await animationFrame();
    expect.verifySteps([
        "The database did not answer|What you did last may not have been saved. Look whether it is there, and do it again if it is not.|true",
    ]);
    expect.verifyErrors(["RPC_ERROR: Odoo Server Error"]);
});
