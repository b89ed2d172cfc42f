import { Component, onWillStart, onWillUpdateProps, useEffect, useState, useSubEnv } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LIMIT = 80;

/**
 * A page of a form that holds a real list (cards on a phone) of the records that hang on the form's record: with its
 * own sorting, editing and buttons, apart from what is being changed on the form.
 */
export class EmbeddedRecords extends Component {
    /** Each page has one of its own. */
    static template;
    static components = { View };
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ count: null, key: 0, canWrite: false });
        useSubEnv({
            onRecordsLoaded: (count) => (this.state.count = count),
            onRecordsChanged: () => this.reloadForm(),
        });
        onWillStart(() => this.open(this.props.record));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.owner.id) {
                return this.open(record);
            }
        });
    }

    get limit() {
        return LIMIT;
    }

    /** What the list is of: to be said by each page. */
    makeViewProps() {
        throw new Error("Not implemented");
    }

    async open({ resModel: model, resId: id }) {
        this.owner = { model, id };
        const canWrite = id ? await user.checkAccessRight(model, "write", [id]) : false;
        if (id === this.owner.id) {
            this.state.canWrite = canWrite;
            this.show();
        }
    }

    /** Mount the list anew. Its props are made once: a list reloads whenever it is given others. */
    show() {
        this.state.count = null;
        const type = this.env.isSmall ? "kanban" : "list";
        this.viewProps = {
            display: { controlPanel: false, searchPanel: false },
            limit: this.limit,
            type,
            // Not those of the form's action, which the record's model may not even have.
            views: [[false, type]],
            ...(type === "list" ? { allowSelectors: false } : {}),
            __beforeLeave__: this.env.__beforeLeave__,
            className: "o_crm_embedded_view",
            ...this.makeViewProps(this.owner),
        };
        this.state.key++;
    }

    /** Bring count and chatter up to date, leaving alone what is being changed on the form. */
    async reloadForm() {
        const { record } = this.props;
        if (await record.isDirty()) {
            this.env.bus.trigger("MAIL:RELOAD-THREAD", this.owner);
        } else {
            await record.load();
        }
    }
}

/**
 * What lists and cards on such a page tell it.
 *
 * @param {typeof import("@web/views/list/list_controller").ListController
 *     | typeof import("@web/views/kanban/kanban_controller").KanbanController} Controller
 */
export const embeddedController = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            if (this.env.onRecordsLoaded) {
                useEffect(
                    (count) => {
                        this.env.onRecordsLoaded(count);
                    },
                    () => [this.model.root.isGrouped ? this.model.root.recordCount : this.model.root.count]
                );
            }
        }

        /** @override */
        async onRecordSaved(record) {
            await super.onRecordSaved(record);
            this.env.onRecordsChanged?.();
        }

        /** @override */
        async afterExecuteActionButton(clickParams) {
            await super.afterExecuteActionButton(clickParams);
            if (clickParams.type === "object") {
                this.env.onRecordsChanged?.();
            }
        }
    };
