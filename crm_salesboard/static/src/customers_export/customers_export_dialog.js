import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { CheckBox } from "@web/core/checkbox/checkbox";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { user } from "@web/core/user";
import { formatCount } from "../sales_board/figures";

const MODEL = "crm.board.export";

/** What the user chose last time, as far as it is still offered. */
export function rememberedChoice({ columns, default_columns: defaults, formats }, settings) {
    let last = {};
    try {
        last = JSON.parse(settings || "{}");
    } catch {
        // as if there were none
    }
    const offered = new Set(columns.map(({ name }) => name));
    const names = (last.columns || []).filter((name) => offered.has(name));
    return {
        columns: new Set(names.length ? names : defaults),
        format: formats.some(({ name }) => name === last.format) ? last.format : formats[0].name,
        perProject: Boolean(last.perProject),
    };
}

/** Exports all customers of the present view, part by part, with progress; then the file is downloaded. */
export class CustomersExportDialog extends Component {
    static template = "crm_salesboard.CustomersExportDialog";
    static components = { CheckBox, Dialog };
    static props = { domain: Array, close: Function };

    setup() {
        // Not that of useService: work goes on for a moment after the dialog was closed, to tidy up.
        this.orm = this.env.services.orm;
        this.formatCount = formatCount;
        // choose → running ⇄ failed → done
        this.state = useState({ step: "choose", progress: null, error: "", choice: null });
        onWillStart(async () => {
            this.offer = await this.orm.call(MODEL, "prepare_export", [this.props.domain]);
            this.state.choice = rememberedChoice(this.offer, user.settings?.salesboard_export);
        });
        onWillDestroy(() => this.onClosed());
    }

    // What is shown

    get groups() {
        const labels = { customer: _t("Customer"), project: _t("Projects") };
        return Object.entries(labels).map(([group, label]) => ({
            group,
            label,
            columns: this.offer.columns.filter((column) => column.group === group),
        }));
    }

    get rowCount() {
        return this.state.choice.perProject ? this.offer.projects : this.offer.customers;
    }

    get startLabel() {
        return this.rowCount === 1 ? _t("Export 1 row") : _t("Export %s rows", formatCount(this.rowCount));
    }

    get percent() {
        const { done, total } = this.state.progress || { done: 0, total: 0 };
        return total ? Math.floor((100 * done) / total) : 0;
    }

    get progressText() {
        const { done, total } = this.state.progress || { done: 0, total: this.rowCount };
        const counts = { done: formatCount(done), total: formatCount(total) };
        return this.state.choice.perProject
            ? _t("%(done)s of %(total)s projects", counts)
            : _t("%(done)s of %(total)s customers", counts);
    }

    isWhole({ columns }) {
        return columns.every(({ name }) => this.state.choice.columns.has(name));
    }

    // What the user chooses

    toggle(name, on) {
        const { columns } = this.state.choice;
        on ? columns.add(name) : columns.delete(name);
    }

    toggleGroup({ columns }, on) {
        columns.forEach(({ name }) => this.toggle(name, on));
    }

    // What happens

    async start() {
        const { choice } = this.state;
        const names = this.offer.columns.map(({ name }) => name).filter((name) => choice.columns.has(name));
        await this.attempt(async () => {
            const remembered = { columns: names, format: choice.format, perProject: choice.perProject };
            user.setUserSettings("salesboard_export", JSON.stringify(remembered));
            this.state.progress = await this.orm.call(MODEL, "start_export", [
                this.props.domain,
                names,
                choice.format,
                choice.perProject,
            ]);
            await this.goOn();
        });
    }

    /** Try again where an error stopped it. */
    async resume() {
        await (this.state.progress ? this.attempt(() => this.goOn()) : this.start());
    }

    async goOn() {
        while (!this.isClosed && !this.state.progress.is_finished) {
            this.state.progress = await this.orm.call(MODEL, "step", [[this.state.progress.id]]);
        }
        if (!this.isClosed) {
            await this.download();
            this.state.step = "done";
        }
    }

    async download() {
        await download({ url: `/crm_salesboard/customers/${this.state.progress.id}`, data: {} });
    }

    downloadAgain() {
        return this.attempt(async () => {
            await this.download();
            this.state.step = "done";
        });
    }

    async attempt(work) {
        Object.assign(this.state, { step: "running", error: "" });
        this.isWorking = true;
        try {
            await work();
        } catch (error) {
            const message = error.data?.message || _t("The server cannot be reached.");
            Object.assign(this.state, { step: "failed", error: message });
        } finally {
            this.isWorking = false;
            if (this.isClosed) {
                this.forget();
            }
        }
    }

    /** Closing the dialog stops after the present part, and leaves nothing on the server. */
    onClosed() {
        this.isClosed = true;
        if (!this.isWorking) {
            this.forget();
        }
    }

    forget() {
        if (this.state.progress) {
            this.orm.silent.call(MODEL, "cancel_export", [[this.state.progress.id]]);
        }
    }
}
