import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { BoardPut } from "@crm_salesboard/board_put/board_put";

describe.current.tags("desktop");
defineMailModels();

const progress = (values) => ({
    id: 7,
    state: "running",
    total: 4,
    handled: 0,
    made: 0,
    kept: 0,
    removed: 0,
    left_out: [],
    waiting: false,
    ...values,
});

async function open(start = progress()) {
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(BoardPut, { progress: start });
    await animationFrame();
}

/** Answers the calls of a method one by one, when told to. */
function answering(method) {
    const calls = [];
    onRpc("crm.board.put", method, ({ args }) => {
        expect.step(`${method} ${args[0]}`);
        const answer = new Deferred();
        calls.push(answer);
        return answer;
    });
    return async (values) => {
        calls.shift().resolve(progress(values));
        await animationFrame();
    };
}

test("goes on part by part until all is done", async () => {
    const answer = answering("put_next");
    await open();
    expect(".o_crm_board_put_count").toHaveText("0 of 4");
    await answer({ handled: 2, made: 2 });
    expect(".o_crm_board_put_count").toHaveText("2 of 4");
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
    await answer({
        handled: 4,
        made: 3,
        state: "done",
        left_out: [{ result: "open", label: "Has an open project there", count: 1 }],
    });
    expect(".o_crm_board_put_made").toHaveText("3 projects were put on the board, in Unprocessed.");
    expect(".o_crm_board_put_left_out li").toHaveText("1: Has an open project there");
    expect.verifySteps(["put_next 7", "put_next 7"]);
});

test("stops after the part that runs, and continues", async () => {
    const answer = answering("put_next");
    await open();
    await contains(".modal-footer .btn:contains(Stop)").click();
    await answer({ handled: 2, made: 2 });
    expect(".o_crm_board_put_stopped").toHaveCount(1);
    expect.verifySteps(["put_next 7"]);
    await contains(".modal-footer .btn:contains(Continue)").click();
    await answer({ handled: 4, made: 4, state: "done" });
    expect(".o_crm_board_put_count").toHaveText("4 of 4");
    expect.verifySteps(["put_next 7"]);
});

test("stopping and continuing during one part does not run two at once", async () => {
    const answer = answering("put_next");
    await open();
    await contains(".modal-footer .btn:contains(Stop)").click();
    expect(".modal-footer .btn:contains(Continue)").toHaveCount(0);
    await answer({ handled: 4, made: 4, state: "done" });
    expect.verifySteps(["put_next 7"]);
});

test("waits while a colleague fills the board", async () => {
    const answer = answering("put_next");
    await open();
    await answer({ waiting: true });
    expect(".o_crm_board_put").toHaveText(/A colleague is filling this board/);
    expect.verifySteps(["put_next 7"]);
    await advanceTime(1000);
    expect.verifySteps(["put_next 7"]);
    await answer({ handled: 4, made: 4, state: "done" });
    expect(".o_crm_board_put").not.toHaveText(/A colleague is filling this board/);
});

test("after an error it can be continued", async () => {
    expect.errors(1);
    let fails = true;
    onRpc("crm.board.put", "put_next", () => {
        if (fails) {
            throw new Error("broken");
        }
        return progress({ handled: 4, made: 4, state: "done" });
    });
    await open(progress({ handled: 2, made: 2 }));
    await animationFrame();
    expect.verifyErrors(["RPC_ERROR"]);
    fails = false;
    await contains(".o_crm_board_put .btn:contains(Continue)").click();
    await animationFrame();
    expect(".o_crm_board_put_count").toHaveText("4 of 4");
});

test("closing stops, and says how to go on", async () => {
    const answer = answering("put_next");
    await open();
    await contains(".modal-header .btn-close").click();
    await answer({ handled: 2, made: 2 });
    expect(".o_notification").toHaveText(/Stopped after 0 of 4 customers/);
    expect.verifySteps(["put_next 7"]);
});

test("undoing goes part by part as well", async () => {
    const answer = answering("undo_next");
    await open(progress({ handled: 4, made: 4, state: "done" }));
    await contains(".o_crm_board_put_undo").click();
    await answer({ handled: 4, made: 2, removed: 2, state: "undoing" });
    expect(".o_crm_board_put_count").toHaveText("2 of 4");
    await answer({ handled: 4, removed: 3, kept: 1, state: "undone" });
    expect(".o_crm_board_put").toHaveText(/3 projects were removed again/);
    expect(".o_crm_board_put").toHaveText(/1 were kept/);
    expect(".o_crm_board_put_undo").toHaveCount(0);
    expect.verifySteps(["undo_next 7", "undo_next 7"]);
});
