import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

const MODEL = "crm.board.put";
// A colleague is filling the same board: ask again after a moment.
const WAITING_PAUSE = 1000;
const NEXT = { running: "put_next", undoing: "undo_next" };

/**
 * Has customers put on the board part by part, each part a request that is kept whatever happens to the next one, and
 * shows how far that is. Closing it stops.
 */
export class BoardPut extends Component {
    static template = "crm_salesboard.BoardPut";
    static components = { Dialog };
    static props = { progress: Object, close: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ progress: this.props.progress, isRunning: false, isStopping: false });
        onMounted(() => this.run());
        onWillUnmount(() => this.onClosed());
    }

    get progress() {
        return this.state.progress;
    }

    get isUnfinished() {
        return this.progress.state in NEXT;
    }

    get isUndoing() {
        return ["undoing", "undone"].includes(this.progress.state);
    }

    get leftOut() {
        return this.progress.left_out.reduce((sum, { count }) => sum + count, 0);
    }

    get undone() {
        return this.progress.removed + this.progress.kept;
    }

    get done() {
        return this.isUndoing ? this.undone : this.progress.handled;
    }

    get total() {
        return this.isUndoing ? this.undone + this.progress.made : this.progress.total;
    }

    get percent() {
        return this.total ? Math.floor((this.done / this.total) * 100) : 100;
    }

    get doneLabel() {
        return _t("%(done)s of %(total)s", { done: formatInteger(this.done), total: formatInteger(this.total) });
    }

    get madeLabel() {
        const { made, kept, removed } = this.progress;
        if (this.isUndoing) {
            return _t("%s projects were removed again.", formatInteger(removed));
        }
        return made + kept === 1
            ? _t("1 project was put on the board, in Unprocessed.")
            : _t("%s projects were put on the board, in Unprocessed.", formatInteger(made + kept));
    }

    get keptLabel() {
        return _t("%s were kept: somebody has worked on them.", formatInteger(this.progress.kept));
    }

    get leftOutLabel() {
        return this.leftOut === 1
            ? _t("1 customer was left out:")
            : _t("%s customers were left out:", formatInteger(this.leftOut));
    }

    count(number) {
        return formatInteger(number);
    }

    /** Until all is done, or somebody stops it; after an error it can be continued. */
    async run() {
        Object.assign(this.state, { isRunning: true, isStopping: false });
        try {
            while (!this.state.isStopping && this.isUnfinished) {
                this.state.progress = await this.callNext(NEXT[this.progress.state]);
                if (this.progress.waiting) {
                    await new Promise((resolve) => setTimeout(resolve, WAITING_PAUSE));
                }
            }
        } finally {
            this.state.isRunning = false;
        }
    }

    callNext(method) {
        return this.orm.silent.call(MODEL, method, [[this.progress.id]]);
    }

    /** After the part that runs. */
    stop() {
        this.state.isStopping = true;
    }

    async undo() {
        this.state.progress = { ...this.progress, state: "undoing" };
        await this.run();
    }

    async open(method) {
        const action = await this.orm.call(MODEL, method, [[this.progress.id]]);
        this.action.doAction(action);
        this.props.close();
    }

    onClosed() {
        this.stop();
        if (this.isUnfinished) {
            this.notification.add(
                _t(
                    "Stopped after %s customers. The next time you put customers on the board, you can continue.",
                    this.doneLabel
                ),
                { type: "warning" }
            );
        }
    }
}

/** The assistant closes, and this takes its place. */
function putOnBoard(env, { params }) {
    env.services.dialog.add(BoardPut, { progress: params.progress });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("crm_salesboard_put", putOnBoard);
