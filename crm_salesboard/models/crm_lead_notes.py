from odoo import api, fields, models


class CrmLead(models.Model):
    """The notes on a project."""

    _inherit = "crm.lead"

    note_ids = fields.One2many("crm.note", "lead_id", "CRM Notes")
    note_count = fields.Integer("Number of Notes", compute="_compute_note_count")

    @api.depends("note_ids")
    def _compute_note_count(self):
        counts = dict(self.env["crm.note"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.note_count = counts.get(lead._origin, 0)

    @api.model
    def _get_unlink_links(self):
        return [*super()._get_unlink_links(), ("crm.note", "lead_id")]

    def _unlink_linked(self, found):
        """Notes of a project that goes stay with the customer; what was written for few stays out of sight: it goes."""
        super()._unlink_linked(found)
        # sudo: as for messages, what hangs on the project follows it, whoever may change that
        notes = self.env["crm.note"].sudo().browse(found["crm.note", "lead_id"])
        restricted = notes.filtered("lead_id.is_restricted")
        restricted.unlink()
        (notes - restricted)._taken_along().lead_id = False

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.note", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: all notes, also those that the user does not see
        notes = self.env["crm.note"].sudo().browse(found["crm.note", "lead_id"])
        notes.filtered(lambda note: note.lead_id != self)._taken_along().lead_id = self.id

    def action_view_notes(self):
        """Open the notes on the project.

        :return: the action, with what to fill in for a new note
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_note_action")
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id, "default_partner_id": self.partner_id.id},
        }
