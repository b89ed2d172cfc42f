import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { makeMockEnv, mockService } from "@web/../tests/web_test_helpers";
import { RPCError } from "@web/core/network/rpc";
import "@crm_salesboard/database_away/database_away";

defineMailModels();

/** What the user is told when the server fails with an error of this name. */
async function failWith(exceptionName, message) {
    expect.errors(1);
    const error = new RPCError();
    error.exceptionName = exceptionName;
    error.message = "Odoo Server Error";
    error.data = { message, debug: "Traceback" };
    mockService("dialog", { add: () => expect.step("dialog") });
    mockService("notification", {
        add: (text, { title, sticky }) => expect.step(`${title}|${text}|${sticky}`),
    });
    await makeMockEnv();
    Promise.reject(error);
    await animationFrame();
    expect.verifyErrors(["RPC_ERROR: Odoo Server Error"]);
}

test("a database that went away in the middle is told as what to do, without its own words", async () => {
    await failWith("psycopg2.errors.AdminShutdown", "terminating connection due to administrator command");
    expect.verifySteps([
        "The database did not answer|What you did last may not have been saved. Look whether it is there, and do it again if it is not.|true",
    ]);
});

test("who came in between others for the fifth time is told that nothing was saved", async () => {
    await failWith("psycopg2.errors.SerializationFailure", "could not serialize access due to concurrent update");
    expect.verifySteps([
        "Others are changing the same records|What you did last was not saved. Do it again in a moment.|true",
    ]);
});
