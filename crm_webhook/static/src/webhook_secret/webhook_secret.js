import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** A new secret, for as long as the dialog is open: no screen shows it again. */
export class WebhookSecretDialog extends Component {
    static template = "crm_webhook.WebhookSecretDialog";
    static components = { CopyButton, Dialog };
    static props = { close: Function, secret: String, webhookName: String };

    get title() {
        return _t("New secret of %s", this.props.webhookName);
    }

    get copied() {
        return _t("Copied");
    }

    select({ target }) {
        target.select();
    }
}

/** A function, not a component: so it stands in no address, breadcrumb or stored state of the browser. */
async function showSecret(env, { params }) {
    await new Promise((resolve) => {
        env.services.dialog.add(
            WebhookSecretDialog,
            { secret: params.secret, webhookName: params.webhook_name },
            { onClose: resolve }
        );
    });
    return { type: "ir.actions.client", tag: "soft_reload" };
}

registry.category("actions").add("crm_webhook.show_secret", showSecret);
