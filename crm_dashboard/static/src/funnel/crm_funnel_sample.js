import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** An example to look at while there is nothing of one's own, as Odoo's views have it. */
const STEPS = [
    { name: _t("Prospect"), text_color: "#1E3A8A", background_color: "#DBEAFE", reached: 64, open: 9, days: 12 },
    { name: _t("Offer"), text_color: "#78350F", background_color: "#FEF3C7", reached: 38, open: 7, days: 21 },
    { name: _t("Order"), text_color: "#14532D", background_color: "#DCFCE7", reached: 19, open: 0 },
];
const VALUE_OF_ONE = 1200;

function figures(count) {
    return { count, projected: count * VALUE_OF_ONE };
}

function sampleStep({ reached, open, days, ...column }, index) {
    const next = STEPS[index + 1]?.reached;
    const dropped = next === undefined ? 0 : reached - open - next;
    return {
        ...column,
        column_id: index + 1,
        reached: figures(reached),
        next: { count: next && next / reached, projected: next && next / reached },
        open: figures(open),
        dropped: figures(dropped),
        reasons: dropped ? [{ id: 1, name: _t("Too expensive"), kind: "lost", ...figures(dropped) }] : [],
    };
}

registry
    .category("sample_server")
    .add("crm.lead/get_funnel", () => ({
        currency_id: user.activeCompany.currency_id,
        processes: [
            {
                id: 1,
                name: _t("Standard"),
                won: { ...figures(STEPS.at(-1).reached), actual: figures(STEPS.at(-1).reached).projected },
                steps: STEPS.map(sampleStep),
            },
        ],
    }))
    .add("crm.lead/get_funnel_days", () => Object.fromEntries(STEPS.map(({ days }, index) => [index + 1, days])));
