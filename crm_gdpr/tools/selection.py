"""What is selected in a list.

Of "all in the list" the web client hands over no more ids than its limit; then it is the search of the list that tells.
"""

from odoo.fields import Domain


def get_domain(records):
    """Return the search that finds what is selected.

    :param records: what the web client handed over, with its context
    """
    if not _is_cut_off(records):
        return Domain("id", "in", records.ids) & Domain("active", "in", [True, False])
    domain = Domain(records.env.context["active_domain"])
    if records.env.context.get("active_test") is False:
        return domain & Domain("active", "in", [True, False])
    return domain


def get_records(records):
    """Return all that is selected.

    :param records: what the web client handed over, with its context
    """
    return records.search(get_domain(records)) if _is_cut_off(records) else records


def _is_cut_off(records):
    # sudo: the web client is told of this limit as well
    parameters = records.env["ir.config_parameter"].sudo()
    limit = int(parameters.get_param("web.active_ids_limit", default="20000"))
    return records.env.context.get("active_domain") is not None and len(records) >= limit
