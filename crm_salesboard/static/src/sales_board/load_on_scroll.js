import { onWillUnmount, useEffect } from "@odoo/owl";

const AHEAD = "400px"; // about three cards: they are there before they are scrolled to

/**
 * Load the next cards of a column when its end comes into sight. The button that Odoo shows there stays, for the
 * keyboard and for a second try after an error.
 *
 * @param {{el: HTMLElement}} rootRef the renderer's element, which holds the columns
 * @param {(groupId: string) => void} loadMore
 */
export function useLoadOnScroll(rootRef, loadMore) {
    let observer;
    useEffect(() => {
        if (!rootRef.el) {
            return;
        }
        observer ||= new IntersectionObserver(onSeen, { root: rootRef.el, rootMargin: AHEAD });
        for (const end of rootRef.el.querySelectorAll(".o_kanban_load_more")) {
            observer.observe(end);
        }
    });
    onWillUnmount(() => observer?.disconnect());

    function onSeen(entries) {
        for (const { isIntersecting, target } of entries) {
            // An end that was seen may have been drawn anew before the browser tells.
            if (isIntersecting && target.isConnected) {
                observer.unobserve(target);
                loadMore(target.closest(".o_kanban_group").dataset.id);
            }
        }
    }
}
