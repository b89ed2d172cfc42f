import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/**
 * Lets open screens show a custom field without a reload of the page: when an administrator changes the fields, the
 * views that the client keeps are taken anew the next time they are opened.
 */
export const viewsChangedService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: bus }) {
        bus.subscribe("crm_salesboard.views_changed", () => rpcBus.trigger("CLEAR-CACHES"));
    },
};

registry.category("services").add("crm_salesboard.views_changed", viewsChangedService);
