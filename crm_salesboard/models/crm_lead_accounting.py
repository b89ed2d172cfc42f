from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """What accountants see of projects: all that the form shows, and nothing to press that would change it."""

    _inherit = "crm.lead"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave the buttons that change a project to those who may.

        Said of every button here, the same for all users, so that those of neighbours are no exception.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for button in arch.xpath("//header//button | //notebook//button[not(starts-with(@name, 'action_open_'))]"):
                if not button.get("groups"):
                    button.set("groups", "sales_team.group_sale_salesman")
        return arch, view

    @api.model
    def _action_of_accounting(self, domain):
        """The projects as accounting looks at them: values, status and dates.

        :param domain: which projects
        :return: an action; the form itself where it is one project
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_accounting")
        leads = self.with_context(active_test=False).search(domain, limit=2)
        if len(leads) == 1:
            return {**action, "views": [(False, "form")], "res_id": leads.id}
        return {**action, "domain": list(domain)}

    @api.model
    def _count_by_customer(self, customers):
        """How many projects companies have, with those of their contact persons.

        :param customers: ``res.partner``, commercial ones
        :return: ``{id of partner: number}``
        """
        if not customers:
            return {}
        domain = Domain("partner_id.commercial_partner_id", "in", customers.ids)
        counts = dict.fromkeys(customers.ids, 0)
        for partner, count in self._read_group(domain, ["partner_id"], ["__count"]):
            # sudo: the company of a contact person
            counts[partner.sudo().commercial_partner_id.id] += count
        return counts
