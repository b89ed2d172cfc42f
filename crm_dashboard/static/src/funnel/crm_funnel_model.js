import { GraphModel } from "@web/views/graph/graph_model";

/** The measures of the funnel, by the names that Odoo's graphs have for them: favourites and dashboards keep those. */
export const COUNT = "__count";
export const VALUE = "expected_revenue";

/**
 * The acquisition funnel of the projects that the search finds: one call for the bars, a second one for the medians,
 * which are costly and not to be waited for. Number and value come together, so that switching costs no call.
 */
export class CrmFunnelModel extends GraphModel {
    /** @override */
    setup(params) {
        super.setup(params);
        this.funnel = { processes: [] };
        this.days = null; // by column, null while they are on their way
        this.daysOf = null; // the search that they are asked for
        this.isLoading = false;
        this.hasFailed = false;
    }

    /** @returns {"count"|"projected"} the figure that is shown */
    get figure() {
        return this.metaData.measure === VALUE ? "projected" : "count";
    }

    /** @override What failed is told by the view; nothing else there would help. */
    hasData() {
        return this.hasFailed || this.funnel.processes.length > 0;
    }

    /** @override */
    async load(searchParams) {
        this.setLoading(true);
        await super.load(searchParams);
    }

    /** Read the same projects again. */
    async reload() {
        await this.load(this.searchParams);
        this.notify();
    }

    /** @override The measure is all there is to choose, and both are there. */
    async updateMetaData(params) {
        await this.race.getCurrentProm();
        this.metaData = { ...this.metaData, ...params };
        this.notify();
    }

    /** @override */
    async _fetchDataPoints(metaData) {
        let failure = null;
        this.days = null;
        this.daysOf = metaData; // medians of the search before are no longer waited for
        try {
            this.funnel = await this.keepLast.add(this.call("get_funnel", metaData));
        } catch (error) {
            failure = error;
            this.funnel = { processes: [] };
        }
        this.hasFailed = Boolean(failure);
        this.metaData = metaData;
        this.data = this.funnel;
        this.setLoading(false);
        if (failure) {
            Promise.reject(failure); // Odoo shows what went wrong, the view offers to try again
        } else if (this.hasData()) {
            this.loadDays(metaData);
        }
    }

    async loadDays(metaData) {
        let days = {};
        let failure = null;
        try {
            days = await this.call("get_funnel_days", metaData);
        } catch (error) {
            failure = error;
        }
        if (metaData !== this.daysOf) {
            return;
        }
        this.days = days;
        this.notify();
        if (failure) {
            throw failure;
        }
    }

    /** What a bar or a number counts, as an action to open. */
    openAction(columnId, part, kind = null, reasonId = null) {
        return this.call("action_open_funnel", this.metaData, columnId, part, kind, reasonId);
    }

    call(method, { resModel, domain, context }, ...args) {
        return this.orm.call(resModel, method, [domain, ...args], { context });
    }

    setLoading(isLoading) {
        this.isLoading = isLoading;
        if (this.isReady) {
            this.notify();
        }
    }
}
