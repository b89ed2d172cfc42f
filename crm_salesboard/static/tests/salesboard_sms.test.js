import { describe, expect, test } from "@odoo/hoot";
import { allowsSms } from "@crm_salesboard/salesboard_sms/salesboard_sms";

describe.current.tags("headless");

const board = (columns) => ({
    model: { board: { data: { columns, info: { 1: { allow_sms: true }, 2: { allow_sms: false } } } } },
});

test("the board offers SMS where a project of a process that allows it is in view", () => {
    expect(allowsSms(board({ 1: {}, 2: {} }))).toBe(true);
    expect(allowsSms(board({ 2: {} }))).toBe(false);
    expect(allowsSms(board({}))).toBe(false);
});

test("of a list the server is asked once per search", async () => {
    const asked = [];
    const env = {
        searchModel: { domain: [["id", "=", 1]], context: {} },
        services: { orm: { call: async (model, method, args) => asked.push(args[0]) < 2 } },
    };
    expect(await allowsSms(env)).toBe(true);
    expect(await allowsSms(env)).toBe(true);
    expect(asked).toHaveLength(1);
    env.searchModel.domain = [];
    expect(await allowsSms(env)).toBe(false);
    expect(asked).toEqual([[["id", "=", 1]], []]);
});

test("before the figures of the board have come nothing is offered, and nothing asked", () => {
    const env = { model: { board: { data: null } }, searchModel: { domain: [] } }; // asking would need services
    expect(allowsSms(env)).toBe(false);
});
