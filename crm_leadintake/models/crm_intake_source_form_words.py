from odoo import api, models

from ..tools.form_page import AUTOCOMPLETE, CONSENT, INPUTS, printable
from ..tools.vocabulary import STANDARD


class CrmIntakeSource(models.Model):
    """What a form says to its visitors, in its language: its fields, and what is wrong with what was typed."""

    _inherit = "crm.intake.source"

    @api.model
    def _get_form_controls(self, form, typed, errors):
        """The fields of a form as its template shows them, the consent last.

        :param dict typed: ``{name: text}``
        :param dict errors: ``{name: sentence}``
        """
        specs = self._get_specs()
        labels = self._get_form_labels([specs[field.name] for field in form.fields])
        controls = []
        for field in form.fields:
            control = {
                "name": field.name,
                "label": field.label or labels[field.name],
                "required": field.is_required and field.kind != "boolean",
                "maxlength": field.size if field.kind in ("line", "text", "email", "phone", "website") else None,
                "autocomplete": AUTOCOMPLETE.get(field.name),
                "options": self._get_form_options(specs[field.name]),
                **INPUTS[field.kind],
            }
            controls.append(control)
        if form.consent:
            controls.append({"name": CONSENT, "label": form.consent, "required": True, "tag": "checkbox"})
        first_error = next((control["name"] for control in controls if control["name"] in errors), None)
        for control in controls:
            control["value"] = printable(typed.get(control["name"], ""))
            control["error"] = errors.get(control["name"])
            control["focus"] = control["name"] == first_error
        return controls

    @api.model
    def _get_form_options(self, spec):
        """``[(value, label)]`` of a list to choose from, or None."""
        if spec.kind == "country":
            countries = self.env["res.country"].sudo().search_fetch([], ["code", "name"], order="name")
            return [(country.code, country.name) for country in countries]
        if spec.kind == "choice":
            return self.env["crm.lead"]._fields[spec.target]._description_selection(self.env)
        return None

    @api.model
    def _get_form_labels(self, specs):
        """``{name: label}``: short ones for visitors; fields that the company has added have their own."""
        _ = self.env._
        labels = {
            "subject": _("Subject"),
            "contact_name": _("Your name"),
            "company": _("Company"),
            "email": _("E-mail address"),
            "phone": _("Phone number"),
            "website": _("Website"),
            "job_position": _("Job position"),
            "street": _("Street and number"),
            "street2": _("Second line of the address"),
            "zip": _("Postcode"),
            "city": _("City"),
            "state": _("State or province"),
            "country": _("Country"),
            "description": _("Message"),
            "value": _("Budget"),
            "expected_closing": _("When do you need it?"),
            "priority": _("Priority"),
            "referred_by": _("Who referred you to us?"),
        }
        standard = {spec.name for spec in STANDARD}
        added = [spec.target for spec in specs if spec.name not in standard]
        # sudo: fields_get leaves out what a user may not see; the label of what a form asks for is seen by everybody
        descriptions = self.env["crm.lead"].sudo().fields_get(added, ["string"]) if added else {}
        return {
            spec.name: labels.get(spec.name) or descriptions.get(spec.target, {}).get("string") or spec.label
            for spec in specs
        }

    @api.model
    def _get_form_errors(self, form, missing, problems):
        """What to tell the visitor, ``{name of the field: sentence}``, under an empty name what concerns the whole.

        :param list missing: names of mandatory fields that are empty
        :param list problems: of what was typed, as :meth:`.problems.Problem.as_dict` returns them
        """
        _ = self.env._
        shown = {field.name: field for field in form.fields}
        errors = {}
        for problem in problems:
            field = shown.get(problem["field"])
            errors[field.name if field else ""] = self._get_form_error(field, problem)
        errors |= {name: _("Please fill this in.") for name in missing}
        if CONSENT in missing:
            errors[CONSENT] = _("Please tick this box, else we may not use what you send.")
        return errors

    @api.model
    def _get_form_error(self, field, problem):
        _ = self.env._
        if not field:
            return _("Please tell us who you are: fill in a name, an e-mail address or a phone number.")
        if problem["rule"] == "length":
            return _("Please use at most %(expected)s characters.", expected=problem["expected"])
        if problem["rule"] == "encoding":
            return _("This holds characters that cannot be sent. Please type it anew.")
        return {
            "email": _("This is not an e-mail address, as in jane@example.com. Please check it."),
            "phone": _("This is not a phone number, as in +31 20 123 4567. Please check it."),
            "website": _("This is not a web address, as in www.example.com. Please check it."),
            "number": _("Please give a number, as in 1234.50."),
            "integer": _("Please give a whole number."),
            "date": _("Please give a date, as in 2026-12-31."),
            "datetime": _("Please give a date and a time, as in 2026-12-31 14:30."),
            "choice": _("Please choose one from the list."),
            "country": _("Please choose one from the list."),
        }.get(field.kind, _("Please check this."))

    @api.model
    def _get_form_refusal(self, reason):
        """Why nothing was taken, for a visitor, by the reason of an IntakeRefusal, or ``expired``."""
        _ = self.env._
        return {
            "expired": _("This page was open for long. Please check what you typed, and send it again."),
            "limit": _("A lot was sent from your connection just now. Please wait a minute, and send it again."),
            "size": _("This is too large. Please send a shorter message, and no files."),
            "address": _("This form cannot be sent from that page. Please get in touch in another way."),
            "malformed": _("What was sent did not arrive whole. Please fill in the form again."),
        }.get(reason, _("Something went wrong here, and nothing was sent. Please send it again in a moment."))
