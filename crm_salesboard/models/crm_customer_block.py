from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmCustomerBlock(models.Model):
    """Accounting's word that a customer gets no offers for now, with the reason, for one company.

    A line is written once, when the customer is blocked, and once more, when the block is released. Nobody edits or
    deletes it: the lines are the history. It warns sales and forbids nothing: what to do is for people to say.
    """

    _name = "crm.customer.block"
    _description = "Customer Blocked by Accounting"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        # A customer that is blocked is not to be had anew by deleting it.
        ondelete="restrict",
        help="The company: what is said of it holds for its contact persons as well.",
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    reason = fields.Text(required=True, help="Salespeople read it wherever they are warned.")
    user_id = fields.Many2one("res.users", "Blocked by", required=True, default=lambda self: self.env.user)
    date = fields.Datetime("Blocked on", required=True, default=fields.Datetime.now)
    released_by_id = fields.Many2one("res.users", "Released by", copy=False)
    date_released = fields.Datetime("Released on", copy=False)

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE date_released IS NULL", "This customer is blocked already."
    )

    @api.constrains("reason")
    def _check_reason(self):
        if any(not block.reason.strip() for block in self):
            raise ValidationError(self.env._("Why is the customer blocked? Give a reason: sales will read it."))

    @api.model_create_multi
    def create(self, vals_list):
        """Block customers, their companies where contact persons are given.

        :raise AccessError: the user may not see a customer, or is neither accountant nor administrator
        """
        vals_list = [self._prepare_block(vals) for vals in vals_list]
        blocks = super().create(vals_list)
        self._forget_warnings()
        return blocks

    def _prepare_block(self, vals):
        """Values of a block: who, when, and that it is open, are not for the caller to say."""
        vals = {"partner_id": self.env.context.get("default_partner_id"), **vals}
        partner = self.env["res.partner"].browse(vals["partner_id"])
        partner.check_access("read")
        if not self.env.su:
            vals = {name: vals[name] for name in ("partner_id", "company_id", "reason") if name in vals}
            vals |= {"user_id": self.env.uid, "date": fields.Datetime.now()}
        # sudo: the company above a contact person that the user sees, which is what is blocked
        return {**vals, "partner_id": partner.sudo().commercial_partner_id.id}

    def action_release(self):
        """Release blocks: whoever may block may release, also what a colleague blocked.

        :raise AccessError: the user is neither accountant nor administrator
        :raise UserError: a block was released already
        """
        self.check_access("read")
        self.check_access("create")
        if self.try_lock_for_update() != self or any(self.mapped("date_released")):
            raise UserError(self.env._("This block has been released already, or is being released by somebody else."))
        # sudo: nobody edits the lines; that the user may release them was checked
        self.sudo().write({"released_by_id": self.env.uid, "date_released": fields.Datetime.now()})
        self._forget_warnings()
        return True

    @api.model
    def _forget_warnings(self):
        self.env["res.partner"].invalidate_model(
            ["is_customer_blocked", "customer_block_reason", "customer_block_id"], flush=False
        )
        self.env["crm.lead"].invalidate_model(["customer_warning", "customer_warning_text"], flush=False)

    @api.model
    def _open_domain(self, companies):
        """The blocks that are in force in any of some companies.

        :param companies: ``res.company``
        """
        return Domain("date_released", "=", False) & Domain("company_id", "in", companies.ids)

    @api.model
    def _open_blocks(self, partners, companies):
        """What blocks some companies' customers, by one query however many there are.

        :param partners: ``res.partner``, as they come: contact persons have the block of their company
        :param companies: ``res.company``
        :return: ``{(id of commercial partner, id of company): crm.customer.block in sudo mode}``
        """
        # sudo: who works with a customer is warned, whether or not it is their own
        blocks = self.sudo()
        customers = partners.sudo().commercial_partner_id._origin
        if not customers:
            return {}
        domain = Domain("commercial_partner_id", "in", customers.ids) & self._open_domain(companies)
        found = blocks.search_fetch(domain, ["commercial_partner_id", "company_id", "reason"])
        return {(block.commercial_partner_id.id, block.company_id.id): block for block in found}

    @api.model
    def _release_doubles(self, partners):
        """Release all but the last open block of each company, of customers that are about to become one.

        :param partners: ``res.partner``
        """
        # sudo: whoever may merge customers need not be an accountant, and the customer stays as blocked as it was
        domain = Domain("partner_id", "in", partners.ids) & Domain("date_released", "=", False)
        for blocks in self.sudo().search(domain).grouped("company_id").values():
            blocks[1:].write({"released_by_id": self.env.uid, "date_released": fields.Datetime.now()})
        self.flush_model()
