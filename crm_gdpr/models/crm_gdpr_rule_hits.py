import ast
from contextlib import contextmanager

from psycopg2 import Error as DatabaseError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine.hits import LAST_LEAD_CLOSED, ContactHits, LeadHits, Terms
from ..tools import delays, earth

LEEWAY = 0.1


class BrokenRule(Exception):
    """A rule that cannot be run as it is."""

    def __init__(self, code, text=""):
        super().__init__(code)
        self.problem = {"code": code, "text": text}


class CrmGdprRule(models.Model):
    """Whom a rule hits: the number, the list, and what is too many."""

    _inherit = "crm.gdpr.rule"

    preview_count = fields.Integer("Found Now", compute="_compute_preview_text")
    request_count = fields.Integer("Anonymisations", compute="_compute_request_count")
    preview_text = fields.Html(compute="_compute_preview_text", sanitize=False)
    can_open = fields.Boolean(compute="_compute_can_open")
    asked_text = fields.Char(compute="_compute_asked_text")

    @api.constrains("model", "domain", "contact_date", "lead_date")
    def _check_domain(self):
        for rule in self:
            # constraints are checked with all rights: this one is about those of the user
            rule.with_user(self.env.uid)._check_readable()
            try:
                rule._explain()
            except BrokenRule as error:
                raise ValidationError(self._describe_problem(error.problem)) from error

    def _check_readable(self):
        """Nobody finds out by a rule what they may not read: conditions are looked up with all rights."""
        try:
            conditions = self._get_conditions()
        except BrokenRule as error:
            raise ValidationError(self._describe_problem(error.problem)) from error
        for path, model in _paths(conditions, self.env[self.model].browse()):
            for name in path.split("."):
                field = model._fields.get(name)
                if field and not model._has_field_access(field, "read"):
                    raise AccessError(self.env._("You may not read “%(field)s”.", field=path))
                if not field or not field.comodel_name:
                    break
                model = self.env[field.comodel_name].browse()
                if not model.has_access("read"):
                    raise AccessError(self.env._("You may not read “%(field)s”.", field=path))

    # ------------------------------------------------------------
    # Whom
    # ------------------------------------------------------------

    def _get_hits(self):
        """Return whom the rule hits now.

        :raise BrokenRule: a field is gone, or the conditions make no sense
        """
        self.ensure_one()
        # what contacts and leads there are is looked up with all rights, so that officer and job count the same
        model = self._as_root()[self.model].browse()
        date = self._get_date()
        if date != LAST_LEAD_CLOSED and date not in model._fields:
            raise BrokenRule("date", date)
        limit = delays.get_limit(fields.Datetime.now(), self.delay, self.delay_unit)
        terms = Terms(self._get_conditions(), date, limit, self.company_id.id or None)
        if self.model == "crm.lead":
            return LeadHits(model, terms)
        own_users = self.env["crm.gdpr.request.line"]._get_odoos_own().ids
        return ContactHits(model, terms, own_users, earth.get_days(fields.Datetime.now()))

    def _as_root(self):
        """The environment in which conditions are read: the language and time zone are those of the rule's officer."""
        officer = self.sudo().user_id or self.env.user
        context = {"active_test": False, "lang": officer.lang, "tz": officer.tz}
        return self.env(user=SUPERUSER_ID, su=True, context=context)

    def _get_conditions(self):
        try:
            return Domain(ast.literal_eval((self.domain or "[]").strip()))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
            text = self.env._("they have to be the same whoever looks, and at any time")
            raise BrokenRule("domain", text) from error

    @contextmanager
    def _telling(self):
        """Turn what goes wrong with conditions into what can be told on the rule."""
        try:
            with self.env.cr.savepoint():
                # compiling the many conditions takes longer than looking them up
                self.env.cr.execute("SET LOCAL jit = off")
                yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except DatabaseError as error:
            raise BrokenRule("domain", error.diag.message_primary or type(error).__name__) from error
        except (ValueError, KeyError, TypeError, RecursionError, UserError) as error:
            raise BrokenRule("domain", str(error)) from error

    def _explain(self):
        """Have the database look at the query, without carrying it out."""
        with self._telling():
            hits = self._get_hits()
            self.env.flush_all()
            self.env.cr.execute(SQL("EXPLAIN %s", hits.model._search(hits.get_domain()).select()), log_exceptions=False)

    def _count(self):
        """Return the numbers of now: ``{"at": …, "number": …, "along": …, "everybody": …, "left_out": {cause: n}}``."""
        with self._telling():
            self.env.flush_all()
            number, along, left_out = self._get_hits().count()
        return {
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "number": number,
            "along": along,
            "everybody": self._count_everybody(),
            "left_out": left_out,
        }

    def _count_everybody(self):
        """Of how many: the active contacts, or the leads of any kind."""
        domain = Domain("company_id", "=", self.company_id.id) if self.company_id else Domain.TRUE
        if self.model == "res.partner":
            domain &= Domain("active", "=", True)
        return self._as_root()[self.model].search_count(domain)

    @api.model
    def _search_hits(self, model, operator, value):
        """Domain of the contacts or leads that some rules hit, for the search of fields that name rules."""
        if operator != "in":
            return NotImplemented
        rules = self.with_context(active_test=False).search([("id", "in", list(value)), ("model", "=", model)])
        return Domain.OR(rule._get_ids_domain() for rule in rules)

    def _get_ids_domain(self):
        try:
            with self._telling():
                self.env.flush_all()
                hits = self._get_hits()
                return Domain("id", "in", hits.model._search(hits.get_domain()))
        except BrokenRule as error:
            raise UserError(self._describe_problem(error.problem)) from error

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    def action_preview(self):
        """Count whom the rule would hit now, and why others are left out; change nothing."""
        self.ensure_one()
        self.check_access("write")
        self._check_reach()
        # sudo: what the rule knows by itself
        rule = self.sudo()
        try:
            rule.write({"preview": self._count(), "problem": False})
        except BrokenRule as error:
            rule.write({"preview": False, "problem": error.problem})
        return True

    @api.depends("preview")
    @api.depends_context("lang")
    def _compute_preview_text(self):
        words = self._get_cause_words()
        for rule in self:
            told = rule.preview or {}
            values = {
                "at": told and fields.Datetime.to_datetime(told["at"]),
                "counted": told and rule._describe_number(told),
                "left_out": [(words[cause], number) for cause, number in told.get("left_out", {}).items()],
            }
            rule.preview_count = told.get("number", 0)
            rule.preview_text = self.env["ir.qweb"]._render("crm_gdpr.rule_preview", values) if told else False

    @api.depends_context("uid")
    @api.depends("model")
    def _compute_can_open(self):
        for rule in self:
            rule.can_open = self.env[rule.model or "res.partner"].has_access("read")

    def _compute_request_count(self):
        told = dict(self.env["crm.gdpr.request"]._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["__count"]))
        for rule in self:
            rule.request_count = told.get(rule, 0)

    def action_open_requests(self):
        return self.run_ids.action_open_requests()

    def action_open_hits(self):
        """List the contacts or leads that the rule hits now."""
        self.ensure_one()
        self.env[self.model].check_access("read")
        context = {"active_test": False, "create": False}
        if self.model == "res.partner" and self._get_date() == "last_dealing_date":
            context["group_by"] = ["last_dealing_kind"]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model,
            "views": [(self._get_list_view().id, "list"), (False, "form")],
            "domain": [("gdpr_rule_id", "=", self.id)],
            "context": context,
        }

    def _get_list_view(self):
        name = "crm_gdpr.res_partner_age_view_list" if self.model == "res.partner" else "crm.crm_case_tree_view_leads"
        return self.env.ref(name, raise_if_not_found=False) or self.env["ir.ui.view"]

    # ------------------------------------------------------------
    # Too many
    # ------------------------------------------------------------

    def _is_too_many(self, told):
        """Whether a run would take more than the rule may take unasked."""
        number = told["number"] + told["along"]
        return number > self.number_limit or number * 100 > told["everybody"] * self.share_limit

    def _is_confirmed(self, told):
        """Whether an officer said that about so many are right."""
        number, right = told["number"] + told["along"], self.confirmed_count
        return bool(right) and abs(number - right) <= right * LEEWAY

    @api.depends("asked_count", "preview")
    @api.depends_context("lang")
    def _compute_asked_text(self):
        for rule in self:
            counted = rule.asked_count and rule._describe_number(rule.preview)
            rule.asked_text = (
                counted
                and self.env._(
                    "This rule would anonymise more than it may take unasked: %(counted)s. Nothing has been done.",
                    counted=counted,
                )
                or False
            )

    def action_confirm(self):
        """Let the rule take so many, this one time.

        The number that the officer saw comes in the context as ``asked_count``.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_reach()
        asked = self.asked_count
        if not asked or self.env.context.get("asked_count") != asked:
            raise UserError(self.env._("The number is another by now: look at the rule again."))
        # sudo: what the rule knows by itself
        self.sudo().write(
            {
                "asked_count": 0,
                "confirmed_count": asked,
                "confirmed_by_id": self.env.uid,
                "next_run": fields.Datetime.now(),
            }
        )
        self._note("confirmed", number=asked)
        self._settle()
        self._wake()
        return True


def _paths(domain, model):
    """The field paths of a domain, each with the model it begins at."""
    for condition in domain.iter_conditions():
        yield condition.field_expr, model
        if condition.operator in ("any", "not any", "any!", "not any!"):
            inner = _follow(model, condition.field_expr)
            if inner is not None:
                yield from _paths(Domain(condition.value), inner)


def _follow(model, path):
    for name in path.split("."):
        field = model._fields.get(name)
        if not field or not field.comodel_name:
            return None
        model = model.env[field.comodel_name].browse()
    return model
