import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";

const SECONDS = 2;
const AT_WORK = ["previewing", "running"];

/**
 * How many persons of a request have been looked at or anonymised. As long as a job is at work, it asks for these numbers
 * alone; the page is read again when the job has come to its end.
 */
export class GdprProgress extends Component {
    static template = "crm_gdpr.Progress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.told = useState({ numbers: null });
        useEffect(
            (isAtWork) => {
                this.timer = isAtWork && setInterval(() => this.look(), SECONDS * 1000);
                if (isAtWork) {
                    this.look();
                }
                return () => clearInterval(this.timer);
            },
            () => [AT_WORK.includes(this.state)]
        );
        onWillUnmount(() => {
            this.isGone = true;
            clearInterval(this.timer);
        });
    }

    get state() {
        return this.props.record.data.state;
    }

    get progress() {
        return (
            (AT_WORK.includes(this.state) && this.told.numbers?.progress) ||
            this.props.record.data[this.props.name] ||
            0
        );
    }

    /** Nobody sees a page that is in the background; a question that failed is asked again. */
    async look() {
        const { record } = this.props;
        if (this.isAsking || document.hidden || !record.resId) {
            return;
        }
        this.isAsking = true;
        try {
            const numbers = await this.orm.silent.call(record.resModel, "get_progress", [record.resId]);
            if (this.isGone) {
                return;
            }
            this.told.numbers = numbers;
            if (numbers.state !== this.state && !(await record.isDirty())) {
                await record.load();
            }
        } catch {
            // the server is restarted, for example
        } finally {
            this.isAsking = false;
        }
    }
}

registry.category("fields").add("gdpr_progress", { component: GdprProgress, supportedTypes: ["float"] });
