import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** A new key, for as long as the dialog is open: it is kept nowhere and cannot be shown again. */
export class IntakeKeyDialog extends Component {
    static template = "crm_leadintake.IntakeKeyDialog";
    static components = { CopyButton, Dialog };
    static props = { close: Function, apiKey: String, sourceName: String };

    get title() {
        return _t("New key of %s", this.props.sourceName);
    }

    get copied() {
        return _t("Copied");
    }

    select({ target }) {
        target.select();
    }
}

/** A function, not a component: so it stands in no address, breadcrumb or stored state of the browser. */
async function showKey(env, { params }) {
    await new Promise((resolve) => {
        env.services.dialog.add(
            IntakeKeyDialog,
            { apiKey: params.key, sourceName: params.source_name },
            { onClose: resolve }
        );
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("crm_leadintake.show_key", showKey);
