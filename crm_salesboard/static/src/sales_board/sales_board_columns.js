import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { throttleForAnimation } from "@web/core/utils/timing";
import { formatCount } from "./figures";

/** On a phone: which columns there are, which one is seen, and a tap to go to another. */
export class SalesBoardColumns extends Component {
    static template = "crm_salesboard.SalesBoardColumns";
    static props = { model: Object, groups: Array, root: Object };

    setup() {
        this.board = useState(this.props.model.board);
        this.state = useState({ at: 0 });
        this.listRef = useRef("list");
        const onScroll = throttleForAnimation(() => this.onScroll());
        onMounted(() => this.props.root.el.addEventListener("scroll", onScroll, { passive: true }));
        onWillUnmount(() => {
            onScroll.cancel();
            this.props.root.el?.removeEventListener("scroll", onScroll);
        });
        useEffect(
            (at) => this.showButton(at),
            () => [this.state.at]
        );
    }

    get columnElements() {
        return [...this.props.root.el.querySelectorAll(".o_kanban_group")];
    }

    count(group) {
        return formatCount(this.board.data?.columns[group.value]?.count || 0);
    }

    goTo(index) {
        const reduced = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.columnElements[index].scrollIntoView({
            behavior: reduced ? "instant" : "smooth",
            inline: "center",
            block: "nearest",
        });
    }

    /** The column in the middle of the screen. */
    onScroll() {
        const { left, width } = this.props.root.el.getBoundingClientRect();
        const middle = left + width / 2;
        const distances = this.columnElements.map((column) => {
            const box = column.getBoundingClientRect();
            return Math.abs(box.left + box.width / 2 - middle);
        });
        this.state.at = distances.indexOf(Math.min(...distances));
    }

    showButton(at) {
        const button = this.listRef.el.children[at];
        if (button) {
            const { offsetLeft, offsetWidth } = button;
            this.listRef.el.scrollLeft = offsetLeft - (this.listRef.el.offsetWidth - offsetWidth) / 2;
        }
    }
}
