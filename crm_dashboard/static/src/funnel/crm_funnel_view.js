import { registry } from "@web/core/registry";
import { GraphController } from "@web/views/graph/graph_controller";
import { graphView } from "@web/views/graph/graph_view";
import { CrmFunnelModel } from "./crm_funnel_model";
import { CrmFunnelRenderer } from "./crm_funnel_renderer";

export class CrmFunnelController extends GraphController {
    /** @override What favourites and dashboards keep, besides the search. */
    getContext() {
        return { graph_measure: this.model.metaData.measure };
    }
}

/** Odoo's graph view, with all that its search, favourites and dashboards do, drawn as a funnel. */
export const crmFunnelView = {
    ...graphView,
    Controller: CrmFunnelController,
    Model: CrmFunnelModel,
    Renderer: CrmFunnelRenderer,
    buttonTemplate: "crm_dashboard.CrmFunnelButtons",
    searchMenuTypes: ["filter", "favorite"],
};

registry.category("views").add("crm_funnel", crmFunnelView);
