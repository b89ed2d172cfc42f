from odoo import fields, models
from odoo.fields import Domain


class CrmBoardExportPart(models.TransientModel):
    """A number of customers of an export that is made in one request, and afterwards their rows of the file.

    Who is in which part is fixed before the first row is made: whatever changes meanwhile, no customer comes twice.
    """

    _name = "crm.board.export.part"
    _description = "Part of an Export of Customers"
    _order = "export_id, id"
    _transient_max_hours = 0.0  # goes with its export

    export_id = fields.Many2one("crm.board.export", required=True, index=True, ondelete="cascade")
    kind = fields.Selection([("partner", "Customers"), ("email", "E-mail Addresses"), ("lead", "Projects")])
    keys = fields.Json(help="Customers with their contact persons, e-mail addresses, or projects; see kind.")
    size = fields.Integer(help="How many rows they are expected to give.")
    content = fields.Text()
    row_count = fields.Integer()
    is_done = fields.Boolean()

    def _domain(self):
        """Which projects are of these customers; one that got a customer meanwhile is left to that customer."""
        if self.kind == "partner":
            return Domain("partner_id", "in", [id_ for _customer, ids in self.keys for id_ in ids])
        domain = Domain("partner_id", "=", False)
        if self.kind == "email":
            return domain & Domain("email_normalized", "in", self.keys)
        return domain & Domain("email_normalized", "=", False) & Domain("id", "in", self.keys)

    def _grouped(self, leads):
        """The projects by customer.

        :param leads: those of this part
        :return: list of ``(res.partner, crm.lead)``, without customers that have no project any more
        """
        keys, no_leads = self.keys, leads.browse()
        if self.kind == "partner":
            customers = leads.env["res.partner"].browse([customer for customer, _ids in keys])
            by_partner = leads.grouped(lambda lead: lead.partner_id.id)
            found = [[id_ for key in ids for id_ in by_partner.get(key, no_leads)._ids] for _customer, ids in keys]
        else:
            customers = [leads.env["res.partner"]] * len(keys)
            by_key = leads.grouped("email_normalized" if self.kind == "email" else "id")
            found = [by_key.get(key, no_leads)._ids for key in keys]
        rows = zip(customers, found, strict=True)
        return [(customer, leads.browse(ids).with_prefetch(leads._prefetch_ids)) for customer, ids in rows if ids]
