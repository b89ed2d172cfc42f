from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge partners. Odoo moves their notes by SQL; company and status of what they are on now follow."""
        res = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # sudo: where a note belongs does not depend on who merges
        notes = self.env["crm.note"].sudo()
        moved = notes.search([("partner_id", "in", self.env["res.partner"].browse(partner_ids).exists().ids)])
        if moved:
            companies = moved.commercial_partner_id | moved.partner_id
            self.env.add_to_compute(notes._fields["commercial_partner_id"], moved)
            moved.modified(["partner_id"])
            moved.flush_recordset(["commercial_partner_id"])
            companies |= moved.commercial_partner_id
            self.env.add_to_compute(companies._fields["note_status_id"], companies)
        return res
