from odoo import api, fields, models
from odoo.fields import Domain


class CrmGdprKept(models.Model):
    """A row that names an anonymised person and stays for now, why, and until when: as an address, without content."""

    _name = "crm.gdpr.kept"
    _description = "Kept by Law"
    _order = "until, id"
    _rec_name = "res_model"

    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    # a lead may be deleted: what is kept of it is let go by its date all the same
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, ondelete="set null", index="btree_not_null", help="A lead without a contact."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=True,
        help="Whose contact or lead it is, or was when it was deleted.",
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Integer(string="Record", required=True, readonly=True, aggregator=None)
    field_names = fields.Json(string="Fields", readonly=True, help="Those with something of the person in them.")
    why = fields.Selection("_get_reasons", string="Reason", required=True, readonly=True)
    until = fields.Date(readonly=True, index=True)
    released_at = fields.Datetime(readonly=True)
    record_name = fields.Char(string="Document", compute="_compute_record_name")

    _once = models.UniqueIndex("(res_model, res_id, partner_id) WHERE released_at IS NULL")
    _once_of_lead = models.UniqueIndex("(res_model, res_id, lead_id) WHERE released_at IS NULL AND lead_id IS NOT NULL")

    @api.model
    def _get_reasons(self):
        return list(self._get_words().items())

    @api.model
    def _get_words(self):
        """What the reasons are called."""
        return {
            "posted": self.env._("Posted entry"),
            "printed_copy": self.env._("Printed copy of a posted entry"),
            "bank_account": self.env._("Bank account of a posted payment"),
            "audit_trail": self.env._("Locked by the audit trail"),
        }

    # not of their companies: then every lead that gets one would be looked for here
    @api.depends("partner_id", "lead_id")
    def _compute_company_id(self):
        """What it was when they were anonymised; of a lead that somebody deletes it stays."""
        for kept in self:
            whose = kept.partner_id or kept.lead_id
            kept.company_id = whose.company_id if whose else kept.company_id

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        """The number of the entry, for officers who are no accountants too: sudo, and no name of a person is in it."""
        for kept in self:
            record = self.env[kept.res_model].sudo().browse(kept.res_id) if kept.res_model in self.env else None
            has_number = kept.res_model == "account.move" and record.exists()
            kept.record_name = record.name if has_number else f"{kept.res_model},{kept.res_id}"

    @api.model
    def _prepare(self, whose, model, row_id, names, reason):
        """Values of a new line, as the engine tells what it kept.

        :param tuple whose: the model and id of a contact, or of a lead without one
        """
        whose_model, whose_id = whose
        return {
            "partner_id": whose_id if whose_model == "res.partner" else False,
            "lead_id": whose_id if whose_model == "crm.lead" else False,
            "res_model": model,
            "res_id": row_id,
            "field_names": names,
            "why": reason.why,
            "until": reason.until,
        }

    @api.model
    def _add(self, values):
        """List rows beside those that are listed already.

        Whoever is anonymised a second time has no name any more to be found by: what was listed first, and the fields
        that it was found in, count as well.

        :param list values: of :meth:`_prepare`
        """
        whose = Domain.OR(
            Domain(name, "in", [value[name] for value in values if value[name]]) for name in ("partner_id", "lead_id")
        )
        rows = self.search(whose & Domain("released_at", "=", False))
        listed = {(row.partner_id.id, row.lead_id.id, row.res_model, row.res_id): row for row in rows}
        new = []
        for value in values:
            row = listed.get(tuple(value[name] for name in ("partner_id", "lead_id", "res_model", "res_id")))
            if row:
                row._extend(value)
            else:
                new.append(value)
        return self.create(new)

    def _extend(self, value):
        self.field_names = sorted({*(self.field_names or ()), *(value["field_names"] or ())}) or False
        self.until = max(filter(None, (self.until, value["until"])), default=False)

    def action_open_record(self):
        """Open the document, with the rights of who looks."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
