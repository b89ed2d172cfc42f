from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmCall(models.Model):
    """One phone call with a customer, as a telephone system or a colleague tells of it."""

    _name = "crm.call"
    _description = "Phone Call"
    _inherit = "crm.access.mixin"
    _order = "start desc, id desc"
    _rec_names_search = ("number", "number_sanitized", "partner_id")

    direction = fields.Selection([("in", "Incoming"), ("out", "Outgoing")], required=True, default="out")
    number = fields.Char(help="The number at the other end, as it was dialled or shown. Empty when withheld.")
    number_sanitized = fields.Char(
        "Normalized Number",
        compute="_compute_number_sanitized",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The number with its country, by which customers are found.",
    )
    user_id = fields.Many2one("res.users", index="btree_not_null", default=lambda self: self.env.user)
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null", ondelete="set null")
    lead_id = fields.Many2one(index="btree_not_null", ondelete="set null")
    start = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    duration = fields.Integer("Duration (seconds)")
    duration_minutes = fields.Float(
        "Duration",
        compute="_compute_duration_minutes",
        inverse="_inverse_duration_minutes",
        help="Minutes and seconds.",
    )
    result = fields.Selection(
        [("answered", "Answered"), ("missed", "Not answered"), ("busy", "Busy"), ("voicemail", "Voicemail")]
    )
    recording_url = fields.Char("Recording")
    note = fields.Text()
    is_unassigned = fields.Boolean("Unassigned", compute="_compute_is_unassigned", search="_search_is_unassigned")
    source = fields.Char("Telephone System", readonly=True, help="Which telephone system told of the call.")
    call_id = fields.Char("Call ID", readonly=True, help="How the telephone system calls the call.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)

    _call_once = models.UniqueIndex("(source, call_id) WHERE call_id IS NOT NULL", "This call is in the log already.")
    _duration_positive = models.Constraint("CHECK (duration >= 0)", "A call lasts no less than no time.")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("number", "company_id")
    def _compute_number_sanitized(self):
        for call in self:
            call.number_sanitized = self._normalize_number(call.number, call.company_id)

    @api.model
    def _normalize_number(self, number, company):
        """The number as E.164, read as one of the company's country; False where it is none."""
        return bool(number) and self._phone_format(number=number, country=company.country_id)

    @api.depends("duration")
    def _compute_duration_minutes(self):
        for call in self:
            call.duration_minutes = call.duration / 60

    @api.onchange("duration_minutes")
    def _inverse_duration_minutes(self):
        for call in self:
            call.duration = round(call.duration_minutes * 60)

    @api.depends("partner_id", "lead_id")
    def _compute_is_unassigned(self):
        for call in self:
            call.is_unassigned = not call.partner_id and not call.lead_id

    def _search_is_unassigned(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("partner_id", "=", False) & Domain("lead_id", "=", False)

    @api.depends("direction", "number", "partner_id")
    def _compute_display_name(self):
        directions = dict(self._fields["direction"]._description_selection(self.env))
        for call in self:
            other_end = call.partner_id.display_name or call.number or self.env._("number withheld")
            call.display_name = f"{directions.get(call.direction, '')}: {other_end}"

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id and not self.partner_id:
            self.partner_id = self.lead_id.partner_id
        if self.lead_id and not self.number:
            self.number = self.lead_id.phone

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and not self.number:
            self.number = self.partner_id.phone

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        return Domain("lead_id", "=", False) | super()._get_access_domain()

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("recording_url")
    def _check_recording_url(self):
        for call in self:
            if call.recording_url and not self._is_web_address(call.recording_url):
                raise ValidationError(
                    self.env._(
                        "%(url)s is not an address of a recording. It has to begin with https:// or http://.",
                        url=call.recording_url,
                    )
                )

    @api.model
    def _is_web_address(self, url):
        """Whether it opens a page and nothing else: a link may not run a script."""
        if any(character.isspace() or not character.isprintable() for character in url):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and bool(parts.netloc)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_assign(self):
        """Ask whose calls these were, and of which project.

        :return: the action that opens the assistant
        """
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Calls"),
            "res_model": "crm.call.assign",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_call_ids": self.ids, "dialog_size": "medium"},
        }
