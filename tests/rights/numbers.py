"""Reads every number that our addons show to a user, to compare what it is before and after something was hidden."""

from odoo.exceptions import AccessError

from tests.plugins.server_log import our_addons

NUMBERS = ("integer", "float", "monetary")
# lists, pivots and charts of these, those of dashboards too, count by the ORM's own groups
GROUPED = {
    "calendar.event": (),
    "crm.activity.report": (),
    "crm.call": ("duration:sum",),
    "crm.campaign.dispatch": (),
    "crm.campaign.member": (),
    "crm.lead": ("expected_revenue:sum", "prorated_revenue:sum", "actual_revenue:sum"),
    "crm.lead.contact": (),
    "crm.lead.inbox": (),
    "crm.lead.move": (),
    "crm.lead.user": (),
    "crm.letter": (),
    "crm.note": (),
    "crm.sms.recipient": (),
    "crm.ticket": (),
    "crm.webhook.delivery": (),
    "mail.activity": (),
    "mail.message": (),
    "res.partner": (),
}


def read_numbers(user, records):
    """Return everything that is counted or added up for a user.

    :param records: records of several models, of which the fields that our addons compute are read
    :return: ``{what: number or a structure of numbers}``; what the user's groups have no part in is left out
    """
    env = user.env(user=user.id, su=False)
    env.flush_all()
    env.invalidate_all()
    leads, partner = env["crm.lead"], next(record for record in records if record._name == "res.partner")
    asked = {
        "board": lambda: _without(leads.get_salesboard([]), "info"),
        "funnel": lambda: [leads.get_funnel([]), leads.get_funnel_days([])],
        "export": lambda: _without(env["crm.board.export"].prepare_export([]), "columns", "default_columns", "formats"),
        "customer page": lambda: _page(env, partner.id),
        **{f"search by {name}": _values(env, name) for name in ("lead_subject", "lead_team", "lead_salesperson")},
        **{f"groups of {model}": _groups(env, model, sums) for model, sums in GROUPED.items() if model in env},
    }
    for record in records:
        for name in computed_numbers(record):
            asked[f"{record._name}.{name} of {record.id}"] = _field(record.with_env(env), name)
    found = {what: _ask(ask) for what, ask in asked.items()}
    return {what: number for what, number in found.items() if number is not None}


def computed_numbers(record):
    """The names of the numbers that our addons compute for who looks at a record."""
    ours = {addon.name for addon in our_addons()}
    return [
        name
        for name, field in record._fields.items()
        if field.type in NUMBERS and field.compute and not field.store and ours & set(field._modules)
    ]


def _ask(ask):
    try:
        return ask()
    except AccessError:
        return None


def _field(record, name):
    return lambda: record.read([name])[0][name]


def _groups(env, model, sums):
    return lambda: env[model].with_context(active_test=False)._read_group([], [], ["__count", *sums])


def _values(env, name):
    field = env.ref(f"crm_salesboard.crm_search_field_{name}", raise_if_not_found=False)
    return lambda: field and [value["count"] for value in field.with_env(env).get_values([])["values"]]


def _page(env, partner_id):
    blocks = env["crm.customer.page"].get_page(partner_id)["blocks"]
    return {block["name"]: (block["count"], block["figures"], len(block["lines"])) for block in blocks}


def _without(answer, *names):
    return {name: value for name, value in answer.items() if name not in names}
