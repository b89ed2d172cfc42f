from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CrmLetterPreview(models.TransientModel):
    """What a template says to a customer that is chosen; nothing is kept."""

    _name = "crm.letter.preview"
    _description = "Preview of a Letter Template"

    template_id = fields.Many2one("crm.letter.template", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", default=lambda self: self._default_partner_id())
    address = fields.Text(compute="_compute_text")
    subject = fields.Char(compute="_compute_text")
    salutation = fields.Char(compute="_compute_text")
    body = fields.Html(compute="_compute_text", sanitize=True)
    closing = fields.Char(compute="_compute_text")
    problem = fields.Char(compute="_compute_text")

    @api.model
    def _default_partner_id(self):
        return self.env["res.partner"].search([("street", "!=", False), ("city", "!=", False)], limit=1)

    @api.depends("template_id", "partner_id")
    def _compute_text(self):
        for preview in self:
            preview.update(dict.fromkeys(("address", "subject", "salutation", "body", "closing", "problem"), False))
            if preview.partner_id and preview.template_id:
                preview.update(preview._texts())

    def _texts(self):
        letter = self._letter()
        try:
            values = letter._render_of(self.template_id, self.partner_id)
        except (UserError, AccessError) as error:
            return {"problem": str(error)}
        values.pop("lang")
        return {**values, "address": letter.address, "problem": letter.problem}

    def _letter(self):
        return self.env["crm.letter"]._new_sample({"partner_id": self.partner_id.id})

    def action_open_pdf(self):
        """Look at it as it would be printed.

        :return: an action
        :raise UserError: there is no customer
        """
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose a customer first."))
        url = f"/crm_letter/template/{self.template_id.id}/{self.partner_id.id}/preview.pdf"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
