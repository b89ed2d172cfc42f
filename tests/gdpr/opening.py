"""Opens what users open: lists, forms, conversations, printed documents and pages of the portal."""

import logging
from collections import defaultdict

import requests
from lxml import etree

from odoo.exceptions import AccessError

from odoo.addons.mail.tools.discuss import Store

VIEWS = ("list", "form")
ASKS_ODOO = "mail.ir_cron_module_update_notification"  # calls a server of Odoo S.A. in the web


def affected(env, places):
    """The records in which she was planted and that are still there: ``{model: ids}``."""
    models = {
        env[name]._table: name for name in env.registry.models if not env[name]._abstract and env[name]._name == name
    }
    found = defaultdict(set)
    for place, row in places:
        model = models.get(place.partition(".")[0])
        if model and row.isdigit():
            found[model].add(int(row))
    return {model: env[model].browse(sorted(ids)).exists().ids for model, ids in found.items()}


def open_all(env, records):
    """Open the records in all views of all windows of their models, and their conversations.

    :return: how many views were opened, and what went wrong, each as one line; what a user has no right to is left out
    """
    opened, problems = 0, []
    actions = env["ir.actions.act_window"].sudo().search([("res_model", "in", list(records))])
    wanted = {(action.res_model, view, kind) for action in actions for view, kind in action.views if kind in VIEWS}
    wanted |= {(model, False, kind) for model in records for kind in ("list", "form")}
    for model, view, kind in sorted(wanted, key=str):
        try:
            with env.cr.savepoint():
                _open(env[model].with_context(active_test=False), view, kind, records[model])
            opened += 1
        except AccessError:
            continue
        except Exception as error:  # noqa: BLE001  whatever a user would be shown
            problems.append(f"{kind} of {model} ({view}): {type(error).__name__}: {error}")
    for model, ids in records.items():
        problems += _talk(env, model, ids)
    return opened, problems


def _open(model, view, kind, ids):
    asked = [(view, kind), (False, "search")] if kind != "form" else [(view, kind)]
    arch = etree.fromstring(model.get_views(asked)["views"][kind]["arch"])
    specification = _specification(model, arch)
    domain = [("id", "in", ids)]
    if kind == "form":
        model.search(domain).web_read(specification)
    else:
        model.web_search_read(domain, specification)


def _specification(model, node):
    """What a view reads."""
    found = {}
    for child in node.iterchildren(etree.Element):
        if child.tag == "field" and child.get("name") in model._fields:
            found[child.get("name")] = _read_of(model, child)
        elif child.tag != "field":
            found |= _specification(model, child)
    return found


def _read_of(model, node):
    field = model._fields[node.get("name")]
    if field.type in ("one2many", "many2many"):
        inner = next(node.iterchildren("list", "kanban", "form"), None)
        lines = model.env[field.comodel_name]
        return {"fields": {"display_name": {}} if inner is None else _specification(lines, inner)}
    return {"fields": {"display_name": {}}} if field.type in ("many2one", "reference", "many2one_reference") else {}


def _talk(env, model, ids):
    """Read the messages and activities as the chatter does."""
    if "message_ids" not in env[model]._fields:
        return []
    problems = []
    for record in env[model].browse(ids):
        try:
            with env.cr.savepoint():
                Store().add(record.message_ids).get_result()
        except AccessError:
            continue
        except Exception as error:  # noqa: BLE001  whatever a user would be shown
            problems.append(f"messages of {record}: {type(error).__name__}: {error}")
    return problems


def print_pdf(env, report, records):
    """The printed document.

    :return: bytes of a PDF
    """
    content, kind = env["ir.actions.report"].with_context(force_report_rendering=True)._render(report, records.ids)
    assert kind == "pdf"
    return content


def open_in_portal(address, url):
    """The page of an order as a customer opens it with the link of a mail, and what it says."""
    page = requests.get(f"{address}{url}", timeout=120)
    assert page.status_code == 200
    return page.text


def run_jobs(env):
    """Run every active job once.

    :return: what went wrong, each as one line
    """
    logger = logging.getLogger("odoo.addons.base.models.ir_cron")
    handler, logger.propagate = _Keeper(logging.ERROR), False
    logger.addHandler(handler)
    try:
        for job in env["ir.cron"].search([]) - env.ref(ASKS_ODOO):
            job.method_direct_trigger()
            env.cr.commit()
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
    return handler.lines


class _Keeper(logging.Handler):
    """Odoo logs why a job failed, and goes on."""

    def __init__(self, level):
        super().__init__(level)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))
