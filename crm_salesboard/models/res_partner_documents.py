from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The documents of a customer: its own, those of its contact persons and those of its projects."""

    _inherit = "res.partner"

    document_count = fields.Integer("Documents", compute="_compute_document_count", groups="base.group_user")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_document_count(self):
        commercials = self._origin.commercial_partner_id
        customers = commercials._customer_by_record()
        attachments = self.env["ir.attachment"]
        domain = Domain.OR(
            attachments._documents_domain(model, [res_id for name, res_id in customers if name == model])
            for model in ("res.partner", "crm.lead")
        )
        counts = Counter()
        for model, res_id, count in attachments._read_group(domain, ["res_model", "res_id"], ["__count"]):
            counts[customers[model, res_id]] += count
        for partner in self:
            partner.document_count = counts[partner._origin.commercial_partner_id.id]

    def _customer_by_record(self):
        """Tell which of these companies each of their contacts and projects belongs to.

        :return: dict of the company's id by (model, id)
        """
        everybody = self.env["res.partner"].with_context(active_test=False)
        family = everybody.search_fetch([("commercial_partner_id", "in", self.ids)], ["commercial_partner_id"])
        customers = {("res.partner", partner.id): partner.commercial_partner_id.id for partner in family}
        Lead = self.env["crm.lead"].with_context(active_test=False)
        if Lead.has_access("read"):
            for lead in Lead.search_fetch([("partner_id", "in", family.ids)], ["partner_id"]):
                customers["crm.lead", lead.id] = customers["res.partner", lead.partner_id.id]
        return customers

    def _customer_records_domain(self, model_field, id_field):
        """What hangs on these customers, their contact persons and their projects, as far as the user may read those.

        :param str model_field: name of the field that holds the model, on the model that is searched
        :param str id_field: name of the field that holds the record's id there
        :return: Domain
        """
        everybody = self.env["res.partner"].with_context(active_test=False)
        # sudo: where a customer belongs is no secret; the user's rights hold for what is found there.
        commercials = self.sudo().commercial_partner_id
        family = everybody._search([("commercial_partner_id", "in", commercials.ids)])
        domain = Domain(model_field, "=", "res.partner") & Domain(id_field, "in", family)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        if Lead.has_access("read"):
            leads = Lead._search([("partner_id", "in", family)])
            domain |= Domain(model_field, "=", "crm.lead") & Domain(id_field, "in", leads)
        return domain

    def action_open_documents(self):
        """Open the documents of the customer and its projects.

        :return: the action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.ir_attachment_action_customer")
        return {**action, "display_name": self.env._("Documents of %(customer)s", customer=self.display_name)}

    def _get_mail_thread_data_attachments(self):
        """Leave replaced documents out of the chatter's files as well."""
        return super()._get_mail_thread_data_attachments().filtered(lambda attachment: not attachment.replaced_by_id)
