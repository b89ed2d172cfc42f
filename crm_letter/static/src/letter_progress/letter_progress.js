import { registry } from "@web/core/registry";
import { ProgressBarField, progressBarField } from "@web/views/fields/progress_bar/progress_bar_field";
import { onWillUnmount, useEffect } from "@odoo/owl";

const SECONDS = 3;

/** A progress bar that looks how far the letters are, as long as they are being printed. */
export class LetterProgress extends ProgressBarField {
    setup() {
        super.setup();
        useEffect(
            (isRunning) => {
                this.timer = isRunning && setInterval(() => this.look(), SECONDS * 1000);
                return () => clearInterval(this.timer);
            },
            () => [this.props.record.data.state === "running"]
        );
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("crm_letter_progress", { ...progressBarField, component: LetterProgress });
