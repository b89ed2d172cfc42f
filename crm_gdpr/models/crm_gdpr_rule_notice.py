from odoo import models

ACTIVITY = "mail.mail_activity_data_todo"


class CrmGdprRule(models.Model):
    """The officers are told what waits for them, in numbers and without names."""

    _inherit = "crm.gdpr.rule"

    def _tell_officers(self, what):
        """Put it on the list of things to do of every officer; what is there already is only brought up to date.

        :param str what: ``proposed``, ``asks`` or ``broken``
        """
        self.ensure_one()
        known = self.activity_search([ACTIVITY]).grouped("user_id")
        for officer in self._get_officers():
            rule = self.with_context(lang=officer.lang)
            summary, note = rule._describe_notice(what)
            if officer in known:
                known[officer].write({"summary": summary, "note": note})
            else:
                self.activity_schedule(ACTIVITY, user_id=officer.id, summary=summary, note=note)

    def _get_officers(self):
        """Those who may see the rule."""
        officers = self.env.ref("crm_gdpr.group_privacy_officer").all_user_ids.filtered("active")
        return officers.filtered(lambda officer: not self.company_id or self.company_id in officer.company_ids)

    def _describe_notice(self, what):
        number = sum(self.run_ids[:1].mapped("proposed_count"))
        words = {
            "proposed": (
                self.env._("Look at what is proposed"),
                self.env._("Persons proposed for anonymisation: %(number)s", number=number),
            ),
            "asks": (self.env._("Say whether the number is right"), self.asked_text),
            "broken": (self.env._("Repair the rule"), self.problem_text),
        }
        return words[what]

    def _settle(self):
        """Take it off the lists again when nothing waits any more."""
        for rule in self.sudo():
            waits = (
                self.env["crm.gdpr.request"]
                .sudo()
                .search_count(
                    [("rule_id", "=", rule.id), ("state", "in", ("draft", "previewing", "planned", "stopped"))], limit=1
                )
            )
            if not waits and not rule.asked_count and not rule.problem:
                rule.activity_unlink([ACTIVITY])
