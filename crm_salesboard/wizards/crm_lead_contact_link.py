from odoo import api, fields, models


class CrmLeadContactLink(models.TransientModel):
    """Makes a contact of a one-off, after showing who it may be already."""

    _name = "crm.lead.contact.link"
    _description = "Make it a Contact"

    contact_id = fields.Many2one("crm.lead.contact", required=True, ondelete="cascade")
    name = fields.Char(related="contact_id.name", related_sudo=False)
    email = fields.Char(related="contact_id.email", related_sudo=False)
    phone = fields.Char(related="contact_id.phone", related_sudo=False)
    function = fields.Char(related="contact_id.function", related_sudo=False)
    customer_id = fields.Many2one(related="contact_id.customer_id", related_sudo=False)
    line_ids = fields.One2many("crm.lead.contact.link.line", "wizard_id", "Likely the Same")
    may_create = fields.Boolean(compute="_compute_may_create")

    @api.depends_context("uid")
    def _compute_may_create(self):
        self.may_create = self.env["res.partner"].has_access("create")

    def action_create(self):
        """Make a new contact person of the customer's.

        :return: closing the assistant
        :raise AccessError: the user may not create contacts
        :raise UserError: somebody has made a contact of it in the meantime
        """
        self.contact_id._create_partner()
        return {"type": "ir.actions.act_window_close"}


class CrmLeadContactLinkLine(models.TransientModel):
    """A contact person who may be the one-off."""

    _name = "crm.lead.contact.link.line"
    _description = "Likely the Same Contact"

    wizard_id = fields.Many2one("crm.lead.contact.link", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Contact", required=True, ondelete="cascade")
    reason = fields.Char()
    email = fields.Char(related="partner_id.email", related_sudo=False)
    phone = fields.Char(related="partner_id.phone", related_sudo=False)
    function = fields.Char(related="partner_id.function", related_sudo=False)

    def action_link(self):
        """Let the one-off be this contact person.

        :return: closing the assistant
        :raise UserError: the project has this contact person already, or somebody has made a contact of it
        """
        self.ensure_one()
        self.wizard_id.contact_id._link_to_partner(self.partner_id)
        return {"type": "ir.actions.act_window_close"}
