from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.hits import LAST_LEAD_CLOSED
from ..tools import delays

OFFICER = "crm_gdpr.group_privacy_officer"
# what a rule does and to whom; whoever changes any of it answers for the rule
TERMS = (
    "model", "domain", "contact_date", "lead_date", "delay", "delay_unit", "action", "needs_approval", "company_id",
    "share_limit", "number_limit", "active",
)  # fmt: skip
# known by the rule itself, set by nobody
OWN = (
    "user_id", "version", "last_run", "next_run", "asked_count", "confirmed_count", "confirmed_by_id", "problem",
    "preview",
)  # fmt: skip
# dates that change without anything having happened to the person
NO_REFERENCE = {"write_date", "gdpr_date", "calendar_last_notif_ack", "date_automation_last"}


class CrmGdprRule(models.Model):
    """A retention rule: whom it finds, after how long, and whether they are proposed or anonymised at once.

    It makes requests (`crm.gdpr.request`), as an officer would, and never anonymises anybody by another way. Before it
    does, it counts: if there are more than it may take, it does nothing and asks.
    """

    _name = "crm.gdpr.rule"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Retention Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean("Switched On", default=False, copy=False, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: False if self._has_every_company() else self.env.company,
        # with none it would be a rule for every company
        ondelete="restrict",
        help="Only records of this company. Empty: records of every company, and those of none.",
    )
    model = fields.Selection(
        [("res.partner", "Contacts"), ("crm.lead", "Leads without a customer")],
        string="Looks at",
        required=True,
        default="res.partner",
        help="Leads with a customer are anonymised with the contact.",
    )
    domain = fields.Char(
        "Conditions",
        required=True,
        default="[]",
        tracking=True,
        help="Archived records are looked at too. Contacts below another one have to meet the conditions as well, or "
        "the one above stays.",
    )
    contact_date = fields.Selection(
        "_get_contact_dates", string="Counts from", default=lambda self: self._get_contact_dates()[0][0], tracking=True
    )
    lead_date = fields.Selection("_get_lead_dates", string="Counts from (Leads)", default="date_closed", tracking=True)
    delay = fields.Integer("After", required=True, default=3, aggregator=None, tracking=True)
    delay_unit = fields.Selection(
        [("months", "Months"), ("years", "Years")], "Unit", required=True, default="years", tracking=True
    )
    is_short = fields.Boolean(compute="_compute_is_short")
    is_short_right = fields.Boolean("Yes, less than a year is right")
    action = fields.Selection(
        [("propose", "Propose"), ("carry_out", "Anonymise")],
        string="What It Does",
        required=True,
        default="propose",
        tracking=True,
    )
    needs_approval = fields.Boolean(
        "A Second Officer Approves", tracking=True, help="Somebody else than the officer of this rule."
    )
    interval = fields.Selection(
        [("days", "Day"), ("weeks", "Week"), ("months", "Month")],
        string="Runs Every",
        required=True,
        default="weeks",
    )
    share_limit = fields.Float(
        "Asks above (%)",
        digits=(5, 2),
        required=True,
        default=5,
        tracking=True,
        help="A run that would find more than this part of all active contacts, or of all leads, does nothing "
        "and asks.",
    )
    number_limit = fields.Integer("Asks above (Number)", required=True, default=1000, tracking=True)

    user_id = fields.Many2one(
        "res.users", "Officer", readonly=True, copy=False, help="Who set it up or changed it last."
    )
    version = fields.Integer(readonly=True, copy=False, help="Counts the changes of what the rule does.")
    last_run = fields.Datetime(readonly=True, copy=False)
    next_run = fields.Datetime(readonly=True, copy=False)
    asked_count = fields.Integer("Found and Not Done", readonly=True, copy=False, aggregator=None)
    confirmed_count = fields.Integer(readonly=True, copy=False, aggregator=None)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    problem = fields.Json(readonly=True, copy=False, help="Why it does not work: a code and its words.")
    preview = fields.Json(readonly=True, copy=False, help="Numbers of the last preview.")
    run_ids = fields.One2many("crm.gdpr.rule.run", "rule_id", "Runs")

    _delay_floor = models.Constraint(
        "CHECK (CASE delay_unit WHEN 'years' THEN delay * 12 ELSE delay END BETWEEN 6 AND 1200)",
        "A rule waits at least 6 months, and at most 100 years.",
    )
    _share_range = models.Constraint(
        "CHECK (share_limit > 0 AND share_limit <= 100)", "The share is between 0 and 100 %."
    )
    _number_range = models.Constraint("CHECK (number_limit > 0)", "The number above which the rule asks is at least 1.")

    # ------------------------------------------------------------
    # What it counts from
    # ------------------------------------------------------------

    @api.model
    def _get_contact_dates(self):
        words = {
            "last_dealing_date": self.env._("Last dealing"),
            "create_date": self.env._("Creation"),
            LAST_LEAD_CLOSED: self.env._("Closing of the last lead"),
        }
        return self._get_dates("res.partner", words)

    @api.model
    def _get_lead_dates(self):
        words = {
            "date_closed": self.env._("Closing"),
            "create_date": self.env._("Creation"),
            "date_last_stage_update": self.env._("Last change of stage"),
        }
        return self._get_dates("crm.lead", words)

    @api.model
    def _get_dates(self, model, words):
        """The dates that we have words for, then those of Odoo and of the company's own fields."""
        known = self.env[model]._fields
        first = [(name, label) for name, label in words.items() if name in known or name == LAST_LEAD_CLOSED]
        others = [
            (field.name, field._description_string(self.env))
            for field in known.values()
            if field.name not in words and self._is_reference(model, field)
        ]
        return first + sorted(others, key=lambda date: date[1])

    @api.model
    def _is_reference(self, model, field):
        is_date = field.store and field.type in ("date", "datetime") and not field.company_dependent
        return is_date and field.name not in NO_REFERENCE and self.env[model]._has_field_access(field, "read")

    def _get_date(self):
        """What the rule counts from: a field, or `LAST_LEAD_CLOSED`."""
        self.ensure_one()
        return self.contact_date if self.model == "res.partner" else self.lead_date

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.depends("delay", "delay_unit")
    def _compute_is_short(self):
        for rule in self:
            months = delays.get_months(rule.delay, rule.delay_unit or "years")
            rule.is_short = delays.SHORTEST <= months < delays.SHORT

    @api.onchange("delay", "delay_unit")
    def _onchange_delay(self):
        self.is_short_right = False

    @api.constrains("model", "contact_date", "lead_date")
    def _check_date(self):
        for rule in self:
            if not rule._get_date():
                raise ValidationError(self.env._("Choose the date that the rule counts from."))

    @api.model
    def _has_every_company(self):
        """Whether the user works for all companies."""
        # sudo: how many companies there are
        return self.env.su or self.env["res.company"].sudo().search_count([]) <= len(self.env.user.company_ids)

    def _check_reach(self):
        """A rule for every company is for officers of every company."""
        if not all(rule.company_id for rule in self) and not self._has_every_company():
            raise ValidationError(
                self.env._("You do not work for every company: choose the one whose records this rule is about.")
            )

    def _check_delay(self, vals):
        """Refuse a delay that is a typing error, before the database does, with words that help."""
        rule = {name: vals.get(name, self[:1][name]) for name in ("delay", "delay_unit", "is_short_right")}
        number, unit = rule["delay"], rule["delay_unit"]
        if unit not in delays.UNITS:
            raise ValidationError(self.env._("A rule waits for months or years, not for “%(unit)s”.", unit=unit))
        months = delays.get_months(number, unit)
        words = {"delay": self._get_delay_words(number, unit), "number": number}
        if months < delays.SHORTEST:
            raise ValidationError(
                self.env._(
                    "%(delay)s is too short: a rule waits at least 6 months. Did you mean %(number)s years?", **words
                )
            )
        if months > delays.LONGEST:
            raise ValidationError(self.env._("%(delay)s is too long: a rule waits at most 100 years.", **words))
        if months < delays.SHORT and not rule["is_short_right"]:
            raise ValidationError(
                self.env._("%(delay)s is less than a year. If that is right, tick the box below it.", **words)
            )

    @api.model
    def _has_field_access(self, field, operation):
        """What the rule knows by itself is not set by hand, over any door."""
        if operation == "write" and field.name in OWN and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # Changing it
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["delay", "delay_unit"])
        for vals in vals_list:
            self._check_delay({"is_short_right": False, **defaults, **vals})
        rules = super().create(vals_list)
        rules._check_reach()
        rules._answer_for()
        return rules

    def write(self, vals):
        if {"delay", "delay_unit"} & vals.keys():
            vals = {"is_short_right": False, **vals}
        if {"delay", "delay_unit", "is_short_right"} & vals.keys():
            for rule in self:
                rule._check_delay(vals)
        if vals.keys().isdisjoint(TERMS):
            return super().write(vals)
        self._check_reach()
        result = super().write(vals)
        self._check_reach()
        self._answer_for()
        return result

    def _answer_for(self):
        """Whoever changed what a rule does is its officer; what was asked, previewed or begun before is void."""
        now = fields.Datetime.now()
        # sudo: what the rule knows by itself
        for rule in self.sudo():
            rule.write(
                {
                    "user_id": self.env.uid,
                    "version": rule.version + 1,
                    "next_run": now if rule.active else False,
                    "asked_count": 0,
                    "confirmed_count": 0,
                    "confirmed_by_id": False,
                    "problem": False,
                    "preview": False,
                }
            )
        self._note("changed")
        self._settle()

    def _note(self, what, **details):
        """Write what an officer did with the rule in the log of privacy."""
        for rule in self:
            self.env["crm.gdpr.log"]._append(
                "settings",
                setting="rule",
                what=what,
                rule=rule.id,
                version=rule.version,
                active=rule.active,
                action=rule.action,
                months=delays.get_months(rule.delay, rule.delay_unit),
                **details,
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=rule.name), **(default or {})}
            for rule, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_run(self):
        self._check_reach()
        if self.run_ids:
            raise UserError(self.env._("A rule that has run stays, for its reports: switch it off."))
        self._note("deleted")

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_switch_on(self):
        self.active = True

    def action_switch_off(self):
        self.active = False

    def action_run_now(self):
        """Have it run as soon as possible, by the job."""
        self.ensure_one()
        self.check_access("write")
        self._check_reach()
        if not self.active:
            raise UserError(self.env._("Switch the rule on first."))
        if self.asked_count:
            raise UserError(self.env._("Say first whether the number is right."))
        self.sudo().next_run = fields.Datetime.now()
        self._wake()

    @api.model
    def _wake(self):
        # sudo: jobs are the administrator's, this one is woken for the officer
        self.env.ref("crm_gdpr.ir_cron_rules").sudo()._trigger()
