from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmGdprReplay(models.TransientModel):
    """Anonymise again whom a restored backup has brought back.

    A copy of the log that was kept elsewhere tells by fingerprints which records were anonymised after the backup was
    made; who they are is seen by making the fingerprints of all records that are there.
    """

    _name = "crm.gdpr.replay"
    _inherit = "crm.gdpr.ledger.mixin"
    _description = "Re-apply after a Restore"

    state = fields.Selection([("choose", "Choose"), ("found", "Found")], default="choose", required=True)
    unknown_count = fields.Integer(string="Entries Since the Backup", readonly=True)
    partner_ids = fields.Many2many(
        "res.partner", string="Contacts to Anonymise Again", readonly=True, context={"active_test": False}
    )
    # ids alone: a privacy officer need not be a salesperson, who may read leads
    lead_refs = fields.Json(readonly=True)
    lead_count = fields.Integer(string="Leads to Anonymise Again", compute="_compute_record_count")
    held_ids = fields.Many2many(
        "res.partner",
        "crm_gdpr_replay_held_rel",
        string="Were on Hold",
        readonly=True,
        help="These were put on hold after the backup was made. The reason cannot be restored: set the hold again.",
        context={"active_test": False},
    )
    record_count = fields.Integer(compute="_compute_record_count")
    problems = fields.Text(readonly=True)

    elsewhere_count = fields.Integer(readonly=True)
    newer_count = fields.Integer(
        string="Others with the Number of One",
        readonly=True,
        help="Made after what the log tells of their number. They are somebody else and are left alone.",
    )

    @api.depends("partner_ids", "lead_refs")
    def _compute_record_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_refs or [])
            wizard.record_count = len(wizard.partner_ids) + wizard.lead_count

    def action_read(self):
        """Find whom the ledger is about, and show them."""
        self.ensure_one()
        log = self.env["crm.gdpr.log"]
        log.check_access("read")
        found = self._read_ledger()
        if found["is_other_key"]:
            raise UserError(
                self.env._(
                    "This log was sealed with another key, so nobody can be recognised by it. "
                    "Put the key back that the server had when it was written."
                )
            )
        partners, newer_partners = self._find_partners(found["done"])
        leads, newer_leads = self._find_leads(found["done"])
        mine = partners.sudo(False)._filtered_access("read")
        my_leads = leads.filtered(lambda lead: not lead.company_id or lead.company_id in self.env.companies)
        self.write(
            {
                "state": "found",
                "unknown_count": found["unknown"],
                "partner_ids": [Command.set(mine.ids)],
                "elsewhere_count": len(partners) - len(mine) + len(leads) - len(my_leads),
                "newer_count": len(newer_partners) + len(newer_leads),
                "lead_refs": my_leads.ids,
                "held_ids": [Command.set(self._find_unheld(found["held"]).ids)],
                "problems": "\n".join(map(log._describe, found["problems"])),
            }
        )
        return self._reopen()

    @api.model
    def _find_partners(self, subjects):
        """Contacts that were anonymised, also archived ones, and are as before because of the backup.

        :return: them, and those that only have the number of one
        """
        partners, newer = self.env["crm.gdpr.log"]._find_records("res.partner", subjects)
        # sudo: also those of companies that are not selected, to say that there are any
        return partners.sudo().filtered(lambda partner: partner.gdpr_state != "anonymised"), newer

    @api.model
    def _find_leads(self, subjects):
        """Leads without a contact; the others go with their contact."""
        leads, newer = self.env["crm.gdpr.log"]._find_records("crm.lead", subjects)
        # sudo: their ids alone
        return leads.sudo().filtered(lambda lead: not lead.partner_id), newer

    @api.model
    def _find_unheld(self, subjects):
        partners, _newer = self.env["crm.gdpr.log"]._find_records("res.partner", subjects)
        held = partners.browse(self.env["crm.gdpr.hold"]._get_reasons(partners))
        return (partners - held)._filtered_access("read")

    def action_apply(self):
        """Hand them over, to be previewed and anonymised like anybody."""
        self.ensure_one()
        self.env["crm.gdpr.log"].check_access("read")
        if not self.record_count:
            raise UserError(self.env._("There is nobody to anonymise again."))
        # sudo: their ids alone
        leads = self.env["crm.lead"].sudo().browse(self.lead_refs).exists()
        action = self._hand_over(self.partner_ids, leads)
        log = self.env["crm.gdpr.log"]
        log._append(
            "replayed",
            log._get_fingerprints(self.partner_ids) + log._get_fingerprints(leads),
            {"res.partner": len(self.partner_ids), "crm.lead": len(leads)},
            entries=self.unknown_count,
        )
        return action

    @api.model
    def _hand_over(self, partners, leads):
        """Have contacts and leads anonymised; returns the action that shows it."""
        request = self.env["crm.gdpr.request"]._make(partners, leads, reason="replay")
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }
