import { registry } from "@web/core/registry";

const CARDS = ".o_kanban_group:has(.o_salesboard_tag:text(Prospect)) .o_kanban_record:not(.o_kanban_ghost)";

function subjects() {
    const cards = [...document.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)")];
    return cards.map((card) => card.textContent.match(/Project \d\d/)[0]);
}

registry.category("web_tour.tours").add("salesboard_scroll", {
    steps: () => [
        {
            content: "ten cards, and the head knows of all",
            trigger: ".o_kanban_group:has(.o_salesboard_tag:text(Prospect)) .o_salesboard_count:text(65)",
            run() {
                if (document.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)").length > 50) {
                    throw new Error("all cards were loaded at once");
                }
            },
        },
        {
            content: "scroll to the last card, as often as it takes",
            trigger: CARDS,
            async run() {
                for (let turn = 0; turn < 40 && document.querySelector(".o_kanban_load_more"); turn++) {
                    const board = document.querySelector(".o_kanban_renderer");
                    board.scrollTo(0, board.scrollHeight);
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        {
            content: "all cards, each once, in their order",
            trigger: `.o_kanban_renderer:not(:has(.o_kanban_load_more)):has(.o_kanban_record:contains(Project 64))`,
            run() {
                const shown = subjects();
                if (shown.length !== 65 || new Set(shown).size !== 65) {
                    throw new Error(`${shown.length} cards: ${shown.join()}`);
                }
            },
        },
        {
            content: "one owner, one picture, whose address changes only with the picture",
            trigger: ".o_salesboard_owner img",
            run() {
                const pictures = document.querySelectorAll(".o_salesboard_owner img, .o_kanban_record .o_avatar img");
                const addresses = [...new Set([...pictures].map((picture) => picture.getAttribute("src")))];
                if (pictures.length !== 66 || addresses.length !== 1 || !/avatar_128\?unique=\d+$/.test(addresses[0])) {
                    throw new Error(`${pictures.length} pictures at ${addresses.join()}`);
                }
            },
        },
        { trigger: ".o_kanban_record:contains(Project 64)", run: "click" },
        { trigger: ".o_form_view .o_last_breadcrumb_item:contains(Project 64)" },
        { content: "back on the board", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: CARDS },
    ],
});
