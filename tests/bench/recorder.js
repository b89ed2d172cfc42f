/* Runs in every page before its own scripts, and notes when something was painted: window.bench. */
(() => {
    if (window !== window.top) {
        return;
    }
    const CARD = ".o_kanban_record:not(.o_kanban_ghost):not(.o_kanban_demo)";
    const VIEW = ".o_action_manager";
    const HEAD = ".o_kanban_header";
    let scheduled = false;
    let headChanged = false;
    const bench = (window.bench = {
        firstCard: null,
        lastChange: 0,
        sinceChange: () => performance.now() - bench.lastChange,
        firstPaint: () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
        cards: () => document.querySelectorAll(CARD).length,
        images: () => [...document.querySelectorAll(`${VIEW} img`)].map((image) => image.src),
        /* When the first request to one of these addresses began. */
        startOf: (urls) => Math.min(...entries((entry) => urls.includes(entry.name)).map((entry) => entry.startTime)),
        /* What the columns say of all their cards. */
        heads: () => [...document.querySelectorAll(HEAD)].map((head) => head.innerText + counts(head)).join("|"),
        /* Until when a move was answered, and until when the columns' heads changed, counted from the drop. */
        sinceDrop() {
            const later = entries((entry) => entry.startTime >= bench.dropped && entry.name.includes("/web/dataset/"));
            const answered = Math.max(...later.map((entry) => entry.responseEnd)) - bench.dropped;
            return { answered, totals: Math.max(bench.lastHead - bench.dropped, answered) };
        },
        dropped: 0,
        lastHead: 0,
    });
    const entries = (condition) => performance.getEntriesByType("resource").filter(condition);
    /* Odoo's own head says how many there are in the tips of its bars only. */
    const counts = (head) => [...head.querySelectorAll("[aria-valuemax]")].map((bar) => bar.ariaValueMax).join();
    document.addEventListener("pointerup", () => (bench.dropped = performance.now()), true);
    performance.setResourceTimingBufferSize(20000);

    /* A frame is on the screen when the task after its animation callbacks runs. */
    function onChange() {
        if (scheduled) {
            return;
        }
        scheduled = true;
        requestAnimationFrame(() =>
            setTimeout(() => {
                scheduled = false;
                bench.lastChange = performance.now();
                if (headChanged) {
                    headChanged = false;
                    bench.lastHead = bench.lastChange;
                }
                if (bench.firstCard === null && document.querySelector(CARD)) {
                    bench.firstCard = bench.lastChange;
                }
            })
        );
    }
    const isIn = (selector, node) =>
        (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(selector);
    new MutationObserver((records) => {
        if (records.some(({ target }) => isIn(VIEW, target))) {
            headChanged ||= records.some(({ target }) => isIn(HEAD, target));
            onChange();
        }
    }).observe(document, { childList: true, characterData: true, subtree: true });
    document.addEventListener(
        "load",
        ({ target }) => target.tagName === "IMG" && isIn(VIEW, target) && onChange(),
        true
    );
})();
