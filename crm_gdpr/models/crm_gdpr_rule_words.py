from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

from ..engine.hits import LAST_LEAD_CLOSED
from ..tools import delays


class CrmGdprRule(models.Model):
    """What a rule does, in words."""

    _inherit = "crm.gdpr.rule"

    state = fields.Selection(
        [("off", "Off"), ("on", "On"), ("asks", "Stopped: Asks"), ("broken", "Does Not Work")],
        compute="_compute_state",
    )
    sentence = fields.Char("In Words", compute="_compute_sentence")
    problem_text = fields.Char(compute="_compute_problem_text")

    @api.depends("active", "asked_count", "problem")
    def _compute_state(self):
        for rule in self:
            if rule.problem:
                rule.state = "broken"
            elif rule.asked_count:
                rule.state = "asks"
            else:
                rule.state = "on" if rule.active else "off"

    @api.depends("model", "domain", "contact_date", "lead_date", "delay", "delay_unit", "action", "needs_approval")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = rule._get_sentence(rule._get_who())

    def _get_sentence(self, who):
        words = {
            ("propose", False): self.env._("%(who)s are proposed for anonymisation.", who=who),
            ("propose", True): self.env._(
                "%(who)s are proposed for anonymisation, and a second officer has to approve it.", who=who
            ),
            ("carry_out", False): self.env._("%(who)s are anonymised without anybody being asked.", who=who),
            ("carry_out", True): self.env._("%(who)s are anonymised as soon as a second officer approves.", who=who),
        }
        sentence = words[self.action or "propose", bool(self.needs_approval)]
        if (self.domain or "[]").strip() != "[]":
            sentence = f"{sentence} {self.env._('Only those that meet the conditions.')}"
        return sentence

    def _get_who(self):
        delay = self._get_delay_words(self.delay, self.delay_unit or "years")
        if self.model == "crm.lead":
            return self._get_which_leads(delay)
        return self._get_which_contacts(delay)

    def _get_which_contacts(self, delay):
        date = self._get_date()
        words = {
            "last_dealing_date": self.env._("Contacts without any dealing for %(delay)s", delay=delay),
            "create_date": self.env._("Contacts created more than %(delay)s ago", delay=delay),
            LAST_LEAD_CLOSED: self.env._("Contacts whose last lead was closed more than %(delay)s ago", delay=delay),
        }
        return words.get(date) or self.env._(
            "Contacts whose “%(date)s” is more than %(delay)s ago", date=self._get_date_label(), delay=delay
        )

    def _get_which_leads(self, delay):
        date = self._get_date()
        words = {
            "date_closed": self.env._("Leads without a customer closed more than %(delay)s ago", delay=delay),
            "create_date": self.env._("Leads without a customer created more than %(delay)s ago", delay=delay),
            "date_last_stage_update": self.env._(
                "Leads without a customer whose stage has not changed for %(delay)s", delay=delay
            ),
        }
        return words.get(date) or self.env._(
            "Leads without a customer whose “%(date)s” is more than %(delay)s ago",
            date=self._get_date_label(),
            delay=delay,
        )

    def _get_date_label(self):
        name = self._get_date()
        field = self.env[self.model]._fields.get(name or "")
        return field._description_string(self.env) if field else name or ""

    @api.model
    def _get_delay_words(self, number, unit):
        return delays.in_words(number, unit, babel_locale_parse(get_lang(self.env).code))

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for rule in self:
            rule.problem_text = self._describe_problem(rule.problem)

    @api.model
    def _describe_problem(self, problem):
        """Say why a rule does not work.

        :param dict problem: ``{"code": …, "text": …}``
        """
        text = (problem or {}).get("text", "")
        words = {
            "date": self.env._("The date that the rule counts from is gone: “%(field)s”. Choose another.", field=text),
            "domain": self.env._("The conditions do not work: %(error)s", error=text),
            "failed": self.env._("It could not be done: %(error)s", error=text),
        }
        return words[problem["code"]] if problem else ""

    @api.model
    def _get_cause_words(self):
        """Why contacts or leads that are old enough are left out."""
        return {
            "user": self.env._("Signs in to work here, or is an account of Odoo's own"),
            "company": self.env._("One of your own companies"),
            "hold": self.env._("On hold"),
            "dealing": self.env._("Has a dealing that is still to come, or not dated yet"),
            "request": self.env._("In an anonymisation that is not finished"),
            "below": self.env._("Somebody below is younger, has to stay, or does not meet the conditions"),
        }

    def _describe_number(self, told):
        """How many, with those who go along, and of how many.

        :param dict told: numbers as the preview has them
        """
        numbers = {name: self._format(told[name]) for name in ("number", "along", "everybody")}
        numbers["share"] = self._format(100 * (told["number"] + told["along"]) / (told["everybody"] or 1), 1)
        if self.model == "crm.lead":
            return self.env._("%(number)s (%(share)s %% of all leads)", **numbers)
        if told["along"]:
            return self.env._(
                "%(number)s, and %(along)s that belong to them (together %(share)s %% of all contacts)", **numbers
            )
        return self.env._("%(number)s (%(share)s %% of all contacts)", **numbers)

    @api.model
    def _format(self, number, digits=0):
        return formatLang(self.env, number, digits=digits)
