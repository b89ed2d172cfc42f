from odoo import api, models


class CrmLeadInbox(models.Model):
    """What is wrong with a record, for people: programs are told the same in English by tools/problems.py."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _describe_problem(self, problem):
        """A problem as a person reads it, in their language.

        :param dict problem: as :meth:`.problems.Problem.as_dict` returns it
        """
        expected = self._get_expectations().get(problem["expected"], problem["expected"])
        sentence = self._get_problem_sentences()[problem["rule"]] % (problem | {"expected": expected})
        return f"{problem['field']}: {sentence}" if problem["field"] else sentence

    @api.model
    def _get_problem_sentences(self):
        """The sentences of tools/problems.py for people, who read them in their own language."""
        _ = self.env._
        return {
            "record": _("It is not a set of named values."),
            "unknown": _("There is no such field. Map it to a field of the lead."),
            "type": _("It has to be %(expected)s."),
            "required": _("At least one of %(expected)s is needed."),
            "length": _("It has more than %(expected)s characters."),
            "range": _("It has to be a value %(expected)s."),
            "format": _("%(value)s is not %(expected)s."),
            "choice": _("%(value)s is not one of the values in use%(expected)s."),
            "encoding": _("It holds control characters or invalid Unicode."),
            "conflict": _("This external ID came before with other content, which is kept."),
            "repeated": _("This external ID stands in the same request before, with other content."),
            "duplicate": _("There is such a lead already, and this source refuses duplicates."),
            "ignored": _("%(value)s is not known here and was left out."),
            "stored": _("It could not be stored: %(expected)s"),
            "busy": _("It is being processed at this moment."),
            "gone": _("The lead that was made of it was deleted."),
            "spam": _("It looks like a form that was filled in by a program."),
            "by_hand": _("It was rejected by hand."),
            "refused": _("It is not to be taken in."),
            "expired": _("It waited longer than this source keeps what came in."),
        }

    @api.model
    def _get_expectations(self):
        """What values have to be, as tools/values.py and tools/records.py say it."""
        _ = self.env._
        return {
            "a text": _("a text"),
            "a text, a number, a date, true or false, or a list of these": _(
                "a text, a number, a date, true or false, or a list of these"
            ),
            "a number, as in 1234.50": _("a number, as in 1234.50"),
            "a whole number of at most nine digits": _("a whole number of at most nine digits"),
            "true or false": _("true or false"),
            "one e-mail address, as in jane@example.com": _("one e-mail address, as in jane@example.com"),
            "a phone number, as in +31 20 123 4567": _("a phone number, as in +31 20 123 4567"),
            "a web address, as in https://example.com": _("a web address, as in https://example.com"),
            "a date as year-month-day, as in 2026-12-31": _("a date as year-month-day, as in 2026-12-31"),
            "a date and time of ISO 8601, as in 2026-12-31T14:30:00Z": _(
                "a date and time of ISO 8601, as in 2026-12-31T14:30:00Z"
            ),
            "that is a finite number": _("that is a finite number"),
            "of at most 19 digits": _("of at most 19 digits"),
            "between the years 1900 and 2999": _("between the years 1900 and 2999"),
            "below 1,000,000,000,000,000": _("below 1,000,000,000,000,000"),
        }
