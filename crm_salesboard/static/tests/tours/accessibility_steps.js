/** Steps that look for what keeps people out. axe-core comes with the test (tests/test_sales_board_keyboard.py). */
import { queryFirst } from "@odoo/hoot-dom";
import { loadJS } from "@web/core/assets";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Odoo's dialogs and the forms in them are each built as a page, with its landmarks; that is not the board's to change.
const ODOO_LANDMARKS = [
    "landmark-main-is-top-level",
    "landmark-no-duplicate-banner",
    "landmark-no-duplicate-main",
    "landmark-unique",
];

/** A part of the page violates none of WCAG 2.2 AA, as far as a machine can tell. */
export function isAccessible(part, content = part) {
    return {
        content: `nothing on ${content} keeps anybody out`,
        trigger: part,
        async run({ anchor }) {
            await loadJS("/crm_salesboard/axe.min.js");
            await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
            const { violations } = await window.axe.run(anchor, {
                runOnly: STANDARDS,
                rules: Object.fromEntries(ODOO_LANDMARKS.map((rule) => [rule, { enabled: false }])),
            });
            if (violations.length) {
                throw new Error(violations.map(describeViolation).join("\n"));
            }
        },
    };
}

function describeViolation({ id, help, nodes }) {
    const places = nodes.slice(0, 3).map(({ target, failureSummary }) => `  ${target.join(" ")}: ${failureSummary}`);
    return [`${id} (${nodes.length} times): ${help}`, ...places].join("\n");
}

/** Everything that can be pressed in a part of the page is large enough for a thumb. */
export function isWithinThumbsReach(part, size = 44) {
    return {
        content: `all of ${part} can be pressed with a thumb`,
        trigger: part,
        run({ anchor }) {
            const targets = [...anchor.querySelectorAll("button, a, input, [role=menuitem], [role=menuitemradio]")];
            const small = targets.map((target) => [target, target.getBoundingClientRect()]);
            const named = small
                .filter(([, { width, height }]) => width && height && (width < size - 0.5 || height < size - 0.5))
                .map(([target, { width, height }]) => `${width}x${height}: ${target.outerHTML.slice(0, 120)}`);
            if (named.length) {
                throw new Error(named.join("\n"));
            }
        },
    };
}

/** Press keys wherever the focus is, once something is there. */
export function press(keys, trigger = "body") {
    return { content: `press ${keys} at ${trigger}`, trigger, run: (helpers) => helpers.press(keys) };
}

/** Press Tab, or Shift+Tab, until something has the focus, as people do. */
export function tabTo(target, keys = "Tab") {
    return {
        content: `${keys} to ${target}`,
        trigger: target,
        async run({ press: pressKeys }) {
            const isThere = () => queryFirst(target) === document.activeElement;
            const end = Date.now() + 20000; // a button may wait for a slow server
            while (!isThere() && Date.now() < end) {
                await pressKeys(keys);
                await new Promise((resolve) => setTimeout(resolve, 30)); // nobody types faster
            }
            if (!isThere()) {
                throw new Error(`${target} is not reached with ${keys}`);
            }
        },
    };
}

/** The region for screen readers says this. */
export function says(text) {
    return { content: `is told: ${text}`, trigger: `.o_salesboard_announcer:contains(${text})` };
}
