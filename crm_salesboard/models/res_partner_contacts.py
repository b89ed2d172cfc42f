from odoo import api, fields, models


class ResPartner(models.Model):
    """On which projects a person is a contact, and the calls with a customer."""

    _inherit = "res.partner"

    # Calls are matched by number, many in one request.
    phone_sanitized = fields.Char(index="btree_not_null")
    crm_lead_contact_ids = fields.One2many(
        "crm.lead.contact", "partner_id", "Contact on Projects", groups="sales_team.group_sale_salesman"
    )
    crm_lead_contact_count = fields.Integer(
        "Projects as Contact",
        compute="_compute_crm_lead_contact_count",
        groups="sales_team.group_sale_salesman",
    )
    call_ids = fields.One2many("crm.call", "partner_id", "Calls", groups="sales_team.group_sale_salesman")
    call_count = fields.Integer(
        "Number of Calls", compute="_compute_call_count", groups="sales_team.group_sale_salesman"
    )

    @api.depends("crm_lead_contact_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_lead_contact_count(self):
        for partner, leads in self._collect_with_children("crm.lead.contact", "lead_id:array_agg").items():
            partner.crm_lead_contact_count = len({lead for group in leads for lead in group})

    @api.depends("call_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_call_count(self):
        for partner, counts in self._collect_with_children("crm.call", "__count").items():
            partner.call_count = sum(counts)

    def _collect_with_children(self, model, aggregate):
        """What a model has of these partners and of each company's contact persons, by one grouped query.

        :return: ``{res.partner: [aggregate of one partner]}`` for each of these partners
        """
        found = {partner: [] for partner in self}
        domain = [("partner_id", "in", self._fetch_children_partners_for_hierarchy().ids)]
        for partner, value in self.env[model]._read_group(domain, ["partner_id"], [aggregate]):
            while partner:
                if partner in found:
                    found[partner].append(value)
                partner = partner.parent_id
        return found

    def action_view_contact_projects(self):
        """Open the projects on which these people, or those of these companies, are contacts.

        :return: the action, a list first
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_opportunities")
        partners = self._fetch_children_partners_for_hierarchy()
        action["domain"] = [("contact_ids.partner_id", "in", partners.ids)]
        action["context"] = {"active_test": False}
        action["views"] = sorted(action["views"], key=lambda view: view[1] != "list")
        return action

    def action_view_calls(self):
        """Open the log of the calls with these customers and their contact persons.

        :return: the action, with what to fill in for a new call
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_call_action")
        partners = self._fetch_children_partners_for_hierarchy()
        action["domain"] = [("partner_id", "in", partners.ids)]
        action["context"] = {"default_partner_id": self.id, "default_number": self.phone} if len(self) == 1 else {}
        return action
