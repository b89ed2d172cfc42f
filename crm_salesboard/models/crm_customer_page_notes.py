from odoo import api, models
from odoo.fields import Domain

NOTE_FIELDS = [
    "date",
    "partner_id",
    "lead_id",
    "text",
    "plain_text",
    "activity_type_id",
    "user_id",
    "date_deadline",
    "status_id",
    "is_closed",
]


class CrmCustomerPage(models.AbstractModel):
    """The notes on the customer, and the sales status that the latest of them gives it."""

    _inherit = "crm.customer.page"

    @api.model
    def _get_counted(self, customer):
        counted, notes = super()._get_counted(customer), self.env["crm.note"]
        if notes.has_access("read"):
            domain = Domain("partner_id", "in", customer.ids)
            to_do = Domain("is_closed", "=", False) & Domain("user_id", "!=", False)
            counted["notes"] = notes, domain
            counted["open_notes"] = notes, domain & to_do
        return counted

    @api.model
    def _get_sales_status(self, customer):
        # sudo: the status is the company's, which a contact person shows too
        status = customer.partner.sudo().commercial_partner_id.note_status_id
        return self._badge(status, "name") if self.env["crm.note.status"].has_access("read") else False

    @api.model
    def _block_notes(self, customer):
        if "notes" not in customer.counted:
            return None
        notes, partner = self.env["crm.note"], customer.partner
        found, domain, count = self._first(customer, "notes", NOTE_FIELDS, notes._order)
        open_count, title = customer.counted["open_notes"][-1], self.env._("Notes")
        new = self.env._("Write a note")
        return self._block(
            title,
            "fa-sticky-note-o",
            2,
            count,
            [self._note_line(customer, note) for note in found],
            self.env._("No notes yet."),
            figures=[self._figure(self.env._("To Do"), open_count)] if open_count else [],
            action=self._list_action(
                title, "crm.note", domain, ("list", "kanban", "form"), default_partner_id=partner.id
            ),
            add=self._add("crm.note", new, self._form_action(new, "crm.note", "new", default_partner_id=partner.id)),
        )

    @api.model
    def _note_line(self, customer, note):
        to_do = note.user_id and not note.is_closed
        action = note.activity_type_id
        return self._line(
            note,
            note.summary or action.name,
            icon=action.icon,
            who=customer.name_of(note.partner_id.id),
            badge=self._badge(note.status_id, "name"),
            date=note.date_deadline if to_do else note.date,
            late=note.state == "overdue",
            user_id=note.user_id.id,
            lead_id=note.lead_id.id,
        )
