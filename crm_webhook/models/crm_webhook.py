import logging
from ast import literal_eval
from datetime import timedelta
from functools import partial

from psycopg2 import OperationalError

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _lang_get

from ..tools import addresses, signature

_logger = logging.getLogger(__name__)

# What a webhook can be told of, and the field that says whether it is.
EVENTS = {
    "customer.created": "on_customer_created",
    "customer.changed": "on_customer_changed",
    "project.created": "on_project_created",
    "project.changed": "on_project_changed",
    "project.status_changed": "on_project_status_changed",
    "project.won": "on_project_won",
    "project.lost": "on_project_lost",
    "project.cancelled": "on_project_cancelled",
    "project.reopened": "on_project_reopened",
}
TEST_EVENT = "test"
# While a receiver changes over to a new secret, requests are signed with the old one as well.
OVERLAP = timedelta(days=1)
MANAGER = "base.group_system"
# What an administrator changes to mend a webhook by which nothing can be told.
TOLD_BY = frozenset({"active", "company_id", "lang", "team_ids", "process_ids", "lead_domain", "with_restricted"})
# How many of the log the form shows.
RECENT = 20


def _write_problem(registry, webhook_id, problem):
    """Note, in a transaction of its own, since when nothing is told."""
    try:
        with registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE crm_webhook SET problem = %s, problem_date = %s WHERE id = %s AND (problem IS NULL) = %s",
                    problem or None,
                    fields.Datetime.now() if problem else None,
                    webhook_id,
                    bool(problem),
                )
            )
    except OperationalError:
        _logger.info("Webhook %s: somebody else writes it; its problem is noted with the next change", webhook_id)


class CrmWebhook(models.Model):
    """Another system that is told of customers, projects and outcomes.

    The job that delivers never writes here: an administrator who edits a webhook does not wait for a receiver.
    """

    _name = "crm.webhook"
    _description = "CRM Webhook"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char("Receiver", required=True)
    active = fields.Boolean(default=True)
    url = fields.Char(
        "Address",
        required=True,
        groups=MANAGER,
        help="Where requests go, with https:// or, inside a network that you trust, http://. An address of the "
        "server's own network is refused unless it is allowed in the settings.",
    )
    is_unencrypted = fields.Boolean(compute="_compute_is_unencrypted", groups=MANAGER)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
        help="Only customers and projects of this company, and those of no company. Empty: of all companies.",
    )
    lang = fields.Selection(
        _lang_get,
        "Language of Names",
        required=True,
        default=lambda self: self.env.lang or "en_US",
        help="Of statuses, reasons and other things that are translated.",
    )

    on_customer_created = fields.Boolean("Customer Created")
    on_customer_changed = fields.Boolean("Customer Changed")
    on_project_created = fields.Boolean("Project Created")
    on_project_changed = fields.Boolean(
        "Project Changed",
        help="Whatever changes of what is sent, also the status or the outcome where these are not ticked themselves.",
    )
    on_project_status_changed = fields.Boolean("Status Changed")
    on_project_won = fields.Boolean("Project Won")
    on_project_lost = fields.Boolean("Project Lost")
    on_project_cancelled = fields.Boolean("Project Cancelled")
    on_project_reopened = fields.Boolean("Project Reopened")

    team_ids = fields.Many2many("crm.team", string="Sales Teams", check_company=True, help="Empty: projects of all.")
    process_ids = fields.Many2many("crm.process", string="Processes", help="Empty: projects of all, and of none.")
    lead_domain = fields.Char("Only Projects That Match", default="[]")
    with_restricted = fields.Boolean(
        "Also Restricted Projects",
        help="What is sent of a restricted project is read by everybody who sees it in the other system, whoever may "
        "see the project here. Without it nothing is sent of such a project, not even that it is there.",
    )
    retention_days = fields.Integer(
        "Keep the Log",
        default=30,
        required=True,
        help="Days after which what was sent, or could not be, is deleted here.",
    )

    # For server code alone, which signs with them: no user reads, searches or exports them, administrators included.
    secret = fields.Char(groups=fields.NO_ACCESS, copy=False, exportable=False)
    former_secret = fields.Char(groups=fields.NO_ACCESS, copy=False, exportable=False)
    former_secret_until = fields.Datetime(groups=fields.NO_ACCESS, copy=False, exportable=False)
    secret_date = fields.Datetime("Secret Shown On", readonly=True, copy=False)

    # What the server said when something was to be told and could not be; nothing is told until it is mended.
    problem = fields.Char(readonly=True, copy=False, groups=MANAGER)
    problem_date = fields.Datetime("Nothing Is Sent Since", readonly=True, copy=False, groups=MANAGER)

    recent_delivery_ids = fields.Many2many("crm.webhook.delivery", string="Log", compute="_compute_recent_delivery_ids")
    waiting_count = fields.Integer("Waiting", compute="_compute_figures")
    parked_count = fields.Integer("Parked", compute="_compute_figures")
    delivered_count = fields.Integer("Delivered", compute="_compute_figures")
    failures = fields.Integer(
        "Failed Attempts", compute="_compute_figures", help="In a row, of what is delivered now. 0: the receiver works."
    )
    last_success = fields.Datetime("Last Delivered", compute="_compute_figures")

    _kept_a_day = models.Constraint("CHECK (retention_days > 0)", "The log is kept for a day at least.")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("url")
    def _compute_is_unencrypted(self):
        for webhook in self:
            webhook.is_unencrypted = (webhook.url or "").lower().startswith("http://")

    def _compute_recent_delivery_ids(self):
        """The last ones that the reader may see: there may be very many."""
        for webhook in self:
            deliveries = self.env["crm.webhook.delivery"]
            webhook.recent_delivery_ids = deliveries.search([("webhook_id", "=", webhook._origin.id)], limit=RECENT)

    def _compute_figures(self):
        """All from the log, in one query."""
        self.waiting_count = self.parked_count = self.delivered_count = self.failures = 0
        self.last_success = False
        # sudo: the figures are of the receiver, whichever projects their reader may see
        groups = (
            self.env["crm.webhook.delivery"]
            .sudo()
            ._read_group(
                [("webhook_id", "in", self.ids), ("event", "!=", TEST_EVENT)],
                ["webhook_id", "state", "blocks"],
                ["__count", "attempts:max", "delivered_on:max"],
            )
        )
        for webhook, state, blocks, count, attempts, delivered_on in groups:
            webhook = webhook.with_env(self.env)
            webhook[f"{state}_count"] += count
            if blocks and state == "waiting":
                webhook.failures = attempts
            webhook.last_success = max(filter(None, (webhook.last_success, delivered_on)), default=False)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("url", "active")
    def _check_url(self):
        """Refuse addresses that nothing may be sent to.

        A name that cannot be resolved now may be resolved later, when it is looked at again. Nobody is asked for the
        name of a webhook that is not in use.

        :raise ValidationError: it says what is wrong with the address
        """
        for webhook in self:
            try:
                target = addresses.parse(webhook.url.strip())
                addresses.resolve(target, webhook._get_allowed(), numeric=not webhook.active)
            except addresses.Refused as refusal:
                if refusal.args[0] != refusal.UNKNOWN:
                    raise ValidationError(self._describe_error(refusal.args[0])) from refusal

    @api.constrains("lead_domain")
    def _check_lead_domain(self):
        """Refuse a filter that cannot be searched by, before a change of a project fails by it."""
        for webhook in self:
            try:
                self.env["crm.lead"].sudo().search_count(webhook._get_lead_domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._("Projects cannot be searched by this filter: %(error)s", error=error)
                ) from error

    @api.constrains("name", *EVENTS.values())
    def _check_events(self):
        for webhook in self:
            if not any(webhook[name] for name in self._event_fields().values()):
                raise ValidationError(self.env._("Choose at least one event for %(name)s.", name=webhook.name))

    @api.model
    def _check_narrowed_by(self, name, records):
        """Refuse to delete what is all that a webhook is narrowed to: without it, it would be told of everything.

        :param str name: the field
        :param records: what is to be deleted
        :raise UserError: naming the webhooks
        """
        # sudo: they are in the way whoever may see them, archived ones too, which come back one day
        webhooks = self.sudo().with_context(active_test=False).search([(name, "in", records.ids)])
        widened = webhooks.filtered(lambda webhook: not webhook[name] - records)
        if widened:
            raise UserError(
                self.env._(
                    "Webhooks that are narrowed to nothing else: %(webhooks)s. They would be told of all projects if "
                    "you deleted %(names)s. Choose something else there first.",
                    webhooks=", ".join(widened.mapped("name")),
                    names=", ".join(records.mapped("display_name")),
                )
            )

    @api.model
    def _describe_error(self, code):
        """What to tell a user of why nothing was sent.

        :param str code: one of ``addresses.Refused``, or the words of the system, which are returned as they are
        """
        _ = self.env._
        return {
            "scheme": _("The address has to begin with https:// or http://."),
            "user": _("The address must not hold a user or password. Requests are signed instead."),
            "port": _("The port has to be 80, 443, or 1024 or more."),
            "host": _("This is no valid address."),
            "own": _(
                "The address is inside the server's own network, where nothing is sent to. An administrator can allow "
                "it in the settings of the CRM."
            ),
            "unknown": _("The name of the receiver cannot be resolved."),
            "timeout": _("The receiver did not answer in time."),
            "silent": _("The receiver has not worked for a day."),
        }.get(code, code)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        for webhook in webhooks.sudo():  # sudo: secrets are for server code
            webhook.secret = webhook.secret or signature.generate()
        self.env.registry.clear_cache("stable")
        return webhooks

    def write(self, vals):
        if not TOLD_BY.isdisjoint(vals):
            vals = {**vals, "problem": False, "problem_date": False}
        res = super().write(vals)
        self.env.registry.clear_cache("stable")
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache("stable")
        return res

    def copy_data(self, default=None):
        """A copy is to be told from the first, and sends nothing until somebody has looked at it."""
        vals_list = super().copy_data(default)
        for webhook, vals in zip(self, vals_list, strict=True):
            vals["name"] = (default or {}).get("name") or self.env._("%(name)s (copy)", name=webhook.name)
            vals["active"] = (default or {}).get("active", False)
        return vals_list

    # ------------------------------------------------------------
    # For server code
    # ------------------------------------------------------------

    @api.model
    def _event_fields(self):
        """``{event: name of the field that says whether a webhook is told of it}``; for addons to extend."""
        return EVENTS

    @api.model
    @tools.ormcache(cache="stable")
    def _subscribed_events(self):
        """The events that any active webhook is told of: where there are none, changes cost nothing."""
        # sudo: whatever a user changes is told
        webhooks = self.sudo().search([("active", "=", True)])
        return frozenset(event for event, name in self._event_fields().items() if any(webhooks.mapped(name)))

    @api.model
    def _get_allowed(self):
        """What administrators allow of the own network."""
        # sudo: users do not read parameters
        text = self.env["ir.config_parameter"].sudo().get_param(addresses.ALLOWED_PARAMETER)
        try:
            return addresses.Allowed(text)
        except ValueError:  # written past the settings: nothing is allowed
            return addresses.Allowed("")

    @api.model
    def _in_use(self):
        """The webhooks that are told of changes and delivered to."""
        return self.search([("active", "=", True)], order="id")

    def _get_lang(self):
        """The language of names; where it is no longer installed one that is."""
        self.ensure_one()
        languages = self.env["res.lang"]
        wanted = (self.lang, self.company_id.partner_id.lang, "en_US")
        return (
            next(filter(None, map(languages._get_code, filter(None, wanted))), None) or languages.get_installed()[0][0]
        )

    def _note_problem(self, problem):
        """Show administrators that nothing is told, and why; or that something is again.

        It is written once this transaction is committed, by another one: whoever saves a project does not wait for an
        administrator who edits the webhook, nor for somebody else who has the same to note.

        :param problem: the words of the server, False if there is none
        """
        self.ensure_one()
        webhook = self.sudo()  # sudo: whoever changes a project
        if bool(webhook.problem) != bool(problem):
            self.env.cr.postcommit.add(partial(_write_problem, self.env.registry, self.id, problem and problem[:500]))

    def _get_lead_domain(self):
        return Domain(literal_eval(self.lead_domain or "[]"))

    def _get_keys(self):
        """The secrets to sign with now, of which users see none."""
        self.ensure_one()
        webhook = self.sudo()
        is_overlap = webhook.former_secret and webhook.former_secret_until > fields.Datetime.now()
        return (webhook.secret, webhook.former_secret) if is_overlap else (webhook.secret,)

    def _is_told_of(self, event):
        return bool(self[self._event_fields()[event]])

    def _filter_concerned(self, records):
        """Those of customers or projects that this webhook is told of.

        :param records: ``res.partner`` or ``crm.lead``, with all rights
        """
        self.ensure_one()
        if self.company_id:
            records = records.filtered(
                lambda record: record.company_id in (self.company_id, record.company_id.browse())
            )
        if not records or records._name != "crm.lead":
            return records
        domain = self._get_lead_domain()
        webhook = self.with_context(active_test=False)  # what is archived narrows as before
        if webhook.team_ids:
            domain &= Domain("team_id", "in", webhook.team_ids.ids)
        if webhook.process_ids:
            domain &= Domain("team_id.process_id", "in", webhook.process_ids.ids)
        if not self.with_restricted:
            domain &= Domain("is_restricted", "!=", True)
        if domain.is_true():
            return records
        return records.search(domain & Domain("id", "in", records.ids), order="id")
