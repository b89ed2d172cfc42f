from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmNote(models.Model):
    """A visit report is a note of the action Visit: who was there, where, what came out of it, and what follows.

    What follows are notes of their own, so that each is an activity in Odoo's list and done there or here.
    """

    _inherit = "crm.note"

    is_visit = fields.Boolean("Visit Report", compute="_compute_is_visit", search="_search_is_visit")
    visit_event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        exportable=False,
        help="The appointment that this is the report of.",
    )
    visit_place = fields.Char("Place")
    visit_duration = fields.Float("Duration", help="In hours.", aggregator="avg")
    visit_participant_ids = fields.Many2many(
        "res.partner",
        "crm_note_visit_participant_rel",
        "note_id",
        "partner_id",
        "Participants",
        copy=False,
        help="Who was there: colleagues, the customer's people, and others.",
    )
    visit_note_id = fields.Many2one(
        "crm.note",
        "Follow-up of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The visit that it follows from.",
    )
    visit_follow_up_ids = fields.One2many("crm.note", "visit_note_id", "Follow-ups", copy=False)

    @api.depends("activity_type_id")
    def _compute_is_visit(self):
        visit = self._visit_action()
        for note in self:
            note.is_visit = bool(visit) and note.activity_type_id == visit

    def _search_is_visit(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("activity_type_id", "in", self._visit_action().ids)]

    @api.depends("visit_note_id")
    def _compute_partner_id(self):
        for note in self.filtered(lambda note: not note.partner_id and not note.lead_id):
            note.partner_id = note.visit_note_id.partner_id
        return super()._compute_partner_id()

    @api.model
    def _visit_action(self):
        """The action that makes a note a visit report; a company may have deleted it."""
        found = self.env["ir.model.data"]._xmlid_to_res_id("crm_salesboard.mail_activity_type_visit")
        return self.env["mail.activity.type"].browse(found or []).sudo().exists()  # sudo: only whether it is there

    @api.constrains("visit_note_id")
    def _check_visit_note(self):
        """A follow-up follows from a visit report, and is none itself of which others are follow-ups.

        :raise ValidationError: it would
        """
        for note in self.filtered("visit_note_id"):
            if note.visit_note_id == note or note.visit_note_id.visit_note_id:
                raise ValidationError(
                    self.env._("A follow-up cannot have follow-ups of its own. Add it to the visit report.")
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """What the appointment says, where a report of one is begun."""
        values = super().default_get(fields)
        event_id = self.env.context.get("visit_of_event")
        if event_id and isinstance(event_id, int):
            event = self.env["calendar.event"].browse(event_id)
            event._check_visit_access()
            values.update({name: value for name, value in event._prepare_visit_report().items() if name in fields})
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Write notes; follow-ups of a visit are about the customer and the project of the visit."""
        if any(vals.get("visit_note_id") for vals in vals_list):
            self = self.with_context(visit_of_event=False)
        visits = self.browse({vals["visit_note_id"] for vals in vals_list if vals.get("visit_note_id")})
        visits.check_access("read")
        about = {visit.id: {"partner_id": visit.partner_id.id, "lead_id": visit.lead_id.id} for visit in visits}
        return super().create([{**about.get(vals.get("visit_note_id"), {}), **vals} for vals in vals_list])

    def write(self, vals):
        """Change notes; what follows from a visit goes where the visit goes, as far as it was about the same."""
        if not vals.keys() & {"partner_id", "lead_id"}:
            return super().write(vals)
        # sudo: only to compare; what may be written is checked below
        before = {note.id: (note.partner_id, note.lead_id) for note in self.sudo()}
        res = super().write(vals)
        self._carry_follow_ups(before)
        return res

    def _carry_follow_ups(self, before):
        """Or what is restricted from now on would stay on the customer.

        :param before: dict of id to what the visit was about: ``(res.partner, crm.lead)``
        """
        # sudo: whoever may write the visit decides what it is about, and so what follows from it
        follow_ups = self.sudo().search([("visit_note_id", "in", self.ids)])
        moved = {}
        for note in follow_ups:
            visit = note.visit_note_id
            about = (visit.partner_id, visit.lead_id)
            if (note.partner_id, note.lead_id) == before[visit.id] != about:
                moved[about] = moved.get(about, follow_ups.browse()) | note
        for (partner, lead), notes in moved.items():
            notes.write({"partner_id": partner.id, "lead_id": lead.id})

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_print_visit_report(self):
        """Print these reports.

        :return: an action
        :raise UserError: none of them is a report of a visit
        """
        visits = self.filtered("is_visit")
        if not visits:
            raise UserError(self.env._("Only notes of the action Visit are printed as a visit report."))
        return self.env.ref("crm_salesboard.crm_note_report_visit").report_action(visits)

    def _get_visit_file_name(self):
        """What the printed report is called."""
        self.ensure_one()
        day = fields.Datetime.context_timestamp(self, self.date).date()
        customer = (self.partner_id.name or "").replace("/", "-")
        return self.env._("Visit report %(customer)s %(date)s", customer=customer, date=fields.Date.to_string(day))

    def _is_visit_of_days(self):
        """Whether the report tells the day alone: of an appointment of whole days nobody said at what hour it was."""
        self.ensure_one()
        # sudo: only whether it is of whole days
        return self.sudo().visit_event_id.allday and not self.visit_duration

    def _get_visit_follow_ups(self):
        """What follows, as the report lists it: what is to be done first on top."""
        self.ensure_one()
        return self.visit_follow_up_ids.sorted(lambda note: (note.date_deadline or date.max, note.id))

    def _get_visit_people(self):
        """Who took part, as the report lists them: one's own people, and the others.

        :return: a pair of ``res.partner``
        """
        self.ensure_one()
        # sudo: whether somebody is a colleague is known from every list of users
        colleagues = self.visit_participant_ids.filtered(
            lambda partner: partner.sudo().user_ids.filtered(lambda user: not user.share)
        )
        return colleagues, self.visit_participant_ids - colleagues
