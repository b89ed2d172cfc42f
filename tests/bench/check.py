"""Whether the columns that load.sql filled in hold what the ORM would have stored.

Run by ``setup/odoo shell``, which provides ``env``. Exits with an error that names the first differences.
"""

import sys

from odoo.tools import SQL

SAMPLE = 500
# Natively computed columns that the figures of both sides are made of.
NATIVE = ("won_status", "prorated_revenue", "email_normalized", "phone_sanitized", "email_domain_criterion")


def differences(env):
    """Compute every stored field of a sample anew, and compare.

    :return: one line of text per value that is another one
    """
    leads = sample(env)
    names = [name for name in stored_computed_fields(env) if name in leads._fields]
    leads.fetch(names)
    stored = {name: [lead[name] for lead in leads] for name in names}
    empty(leads, [name for name in names if is_ours(leads._fields[name])])
    for name in names:
        env.add_to_compute(leads._fields[name], leads)
    return [
        f"{lead.name} ({lead.id}): {name} is {value!r}, the ORM has {lead[name]!r}"
        for name in names
        for lead, value in zip(leads, stored[name], strict=True)
        if lead[name] != value
    ]


def progress_differences(env):
    """Work out how far the sample has come of its moves, and compare.

    :return: as ``differences``; nothing without the addon that writes it
    """
    leads = sample(env)
    names = [name for name in ("furthest_column_id", "funnel_date", "column_since") if name in leads._fields]
    if not names:
        return []
    stored = {lead: [lead[name] for name in names] for lead in leads}
    empty(leads, names)
    leads._fill_progress(SQL("lead.id IN %s", leads._ids))
    return [
        f"{lead.name} ({lead.id}): its progress is {values}, and of its moves {[lead[name] for name in names]}"
        for lead, values in stored.items()
        if values != [lead[name] for name in names]
    ]


def empty(leads, names):
    """Some computes keep a value that is there; nothing shall be there."""
    columns = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
    if names:
        leads.env.cr.execute(SQL("UPDATE crm_lead SET %s WHERE id IN %s", columns, leads._ids))
    leads.invalidate_recordset(flush=False)


def sample(env):
    """Projects spread evenly over all that there are, closed and archived ones too."""
    leads = env["crm.lead"].with_context(active_test=False)
    step = max(1, leads.search_count([]) // SAMPLE)
    first = leads.search([], order="id", limit=1).id
    return leads.browse(range(first, first + step * SAMPLE, step)).exists()


def stored_computed_fields(env):
    """What our addons compute and store of a project, whatever that is, and a few native ones."""
    native = set(NATIVE)
    return [
        name
        for name, field in env["crm.lead"]._fields.items()
        if field.store and field.compute and field.column_type and (name in native or is_ours(field))
    ]


def is_ours(field):
    """Whether an addon of ours brings the field; native ones that we extend keep the value they have."""
    return field._modules[:1] == ("crm_salesboard",)


found = progress_differences(env)  # noqa: F821 (the shell's)
env.cr.rollback()  # noqa: F821
env.invalidate_all(flush=False)  # noqa: F821
found += differences(env)  # noqa: F821
if found:
    sys.exit(f"{len(found)} values are not what the ORM would have stored; the first ones:\n" + "\n".join(found[:10]))
env.cr.rollback()  # noqa: F821
