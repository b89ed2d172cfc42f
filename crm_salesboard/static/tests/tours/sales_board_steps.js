/** Steps that the tours of the Sales Board share. */

export const column = (name) => `.o_kanban_group:has(.o_salesboard_tag:text(${name}))`;
export const card = (subject) => `.o_kanban_record:contains(${subject})`;

/** The head of a column shows this number and, by measure, these sums. */
export function readColumn(name, count, sums = {}) {
    return [
        { trigger: `${column(name)} .o_salesboard_count:text(${count})` },
        ...Object.entries(sums).map(([measure, value]) => ({
            content: `${name} shows ${measure} ${value}`,
            trigger: `${column(name)} [data-measure=${measure}] .o_salesboard_sum:text(${value})`,
        })),
    ];
}

/** The totals bar shows these, by measure; the number of projects is ``count``. */
export function readTotals(totals) {
    return Object.entries(totals).map(([measure, value]) => ({
        content: `the board shows ${measure} ${value}`,
        trigger: `.o_salesboard_totals [data-measure=${measure}] .o_salesboard_sum:contains(${value})`,
    }));
}

/** Drag the card that a selector finds into the middle of a column's head. */
export function dragCard(trigger, target) {
    return [
        {
            content: `drag ${trigger} to ${target}`,
            trigger,
            run: (helpers) => helpers.drag_and_drop(`${column(target)} .o_kanban_header`, { position: "center" }),
        },
    ];
}

export function drag(subject, target) {
    return dragCard(card(subject), target);
}

export function undo() {
    return [
        { trigger: ".o_salesboard_moved button:contains(Undo)", run: "click" },
        { trigger: "body:not(:has(.o_salesboard_moved))" },
    ];
}

export function closeAsOrder(subject, value) {
    return [
        ...drag(subject, "Order"),
        { trigger: ".modal [name=actual_revenue] input", run: `edit ${value}` },
        { trigger: ".modal button:contains(Close as Order)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

export function loseFor(subject, reason) {
    return [
        ...drag(subject, "Lost"),
        { trigger: `.modal .o_selection_badge:contains(${reason})`, run: "click" },
        { trigger: ".modal button:contains(Mark as Lost)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

export function setRange(from, to) {
    const fill = (name, value) => ({
        trigger: `.o_salesboard_period_menu input[name=${name}]`,
        run({ anchor }) {
            anchor.value = value; // typing into a date input depends on the browser's language
            anchor.dispatchEvent(new Event("input", { bubbles: true }));
        },
    });
    return [
        { trigger: ".o_salesboard_period_label", run: "click" },
        fill("from", from),
        fill("to", to),
        { trigger: ".o_salesboard_period_menu button:contains(Apply):enabled", run: "click" },
    ];
}

export function toggle(kind) {
    return [{ trigger: `.o_salesboard_switches [data-kind=${kind}]`, run: "click" }];
}
