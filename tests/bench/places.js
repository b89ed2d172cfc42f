/* Of the first two columns with cards: where to take the first card, beside all that can be clicked, and to drop it. */
(() => {
    const CARD = ".o_kanban_record:not(.o_kanban_ghost)";
    const groups = [...document.querySelectorAll(".o_kanban_group")].filter((group) => group.querySelector(CARD));
    const [from, to] = groups.slice(0, 2).map((group) => group.querySelector(CARD).getBoundingClientRect());
    return {
        card: [from.left + 4, from.top + 4],
        target: [to.left + 20, to.top + 8],
    };
})();
