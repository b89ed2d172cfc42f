from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Letters that are written from a project hang on it, and are hidden with it."""

    _inherit = "crm.lead"

    letter_ids = fields.One2many("crm.letter", "lead_id", "Letters", groups="sales_team.group_sale_salesman")
    letter_count = fields.Integer(
        "Number of Letters", compute="_compute_letter_count", groups="sales_team.group_sale_salesman"
    )

    @api.depends("letter_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_letter_count(self):
        domain = [("lead_id", "in", self._origin.ids), ("state", "in", ("draft", "printed"))]
        counts = dict(self.env["crm.letter"]._read_group(domain, ["lead_id"], ["__count"]))
        for lead in self:
            lead.letter_count = counts.get(lead._origin, 0)

    def action_write_letter(self):
        """Write a letter to the customer of one project, or one to each customer of several.

        :return: an action
        :raise UserError: there is no customer
        """
        self.check_access("write")
        if not self.partner_id:
            raise UserError(self.env._("There is no customer to write to. Choose the customer of the project first."))
        if len(self) == 1:
            context = {"default_lead_id": self.id, "default_partner_id": self.partner_id.id}
            return self.env["crm.letter"]._action_write(context)
        rows = [(lead.partner_id.id, lead.id) for lead in self if lead.partner_id]
        return self.env["crm.letter.batch"]._prepare_batch(rows)._action_open()

    def action_open_letters(self):
        """The letters that were written from the project.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_letter.crm_letter_action")
        context = {"default_lead_id": self.id, "default_partner_id": self.partner_id.id}
        return {**action, "domain": [("lead_id", "=", self.id)], "context": context}

    def _silence(self, allowed):
        """Take what the customer's history says of letters away, once the project is nobody else's business."""
        res = super()._silence(allowed)
        # sudo: what a restricted project left elsewhere goes, whoever wrote it
        self.sudo().letter_ids.customer_message_id.unlink()
        return res

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.letter", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: letters go with their project, printed ones too; the right to merge was checked
        self.env["crm.letter"].sudo().browse(found["crm.letter", "lead_id"]).write({"lead_id": self.id})

    def _letter_log(self, letter, attachment_ids):
        """Write into the project's history that a letter was printed."""
        self.ensure_one()
        return self._message_log(
            body=letter._message_body(),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            attachment_ids=attachment_ids,
        )
