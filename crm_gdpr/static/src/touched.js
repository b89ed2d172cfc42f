import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** The assistant closes, and what it did can be undone for a while. */
function touched(env, { params }) {
    const { action, notification, orm } = env.services;
    const undo = async () => {
        close();
        await orm.call("crm.gdpr.touch", "undo_batch", [params.batch]);
        notification.add(_t("The touch is undone"), { type: "info" });
        action.doAction("soft_reload");
    };
    const close = notification.add(params.message, {
        type: "success",
        autocloseDelay: 10000,
        className: "o_gdpr_touched",
        buttons: [{ name: _t("Undo"), onClick: undo }],
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("crm_gdpr_touched", touched);
