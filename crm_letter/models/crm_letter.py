from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting"),
    ("printed", "Printed"),
    ("failed", "Failed"),
    ("left_out", "Left Out"),
]
REASONS = [
    ("archived", "Archived customer"),
    ("anonymised", "Anonymised customer"),
    ("out_of_reach", "Customer or project you may not see"),
    ("company", "Customer of another company"),
    ("no_address", "No postal address"),
    ("blacklisted", "Wants no advertising"),
    ("double", "Same person at the same address"),
]


class CrmLetter(models.Model):
    """One letter to one customer: written, printed as PDF and filed. Also those of a batch, with what became of each.

    Whoever may see the customer may see it; one that was written from a project is as accessible as the project.
    """

    _name = "crm.letter"
    _description = "Letter"
    _inherit = "crm.access.mixin"
    _order = "id desc"
    _rec_name = "subject"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Recipient",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="Whose address it goes to.",
    )
    lead_id = fields.Many2one(index="btree_not_null", domain="[('partner_id', 'child_of', commercial_partner_id)]")
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Customer")
    template_id = fields.Many2one(
        "crm.letter.template", index="btree_not_null", ondelete="set null", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", "Sender", required=True, default=lambda self: self.env.user)
    date = fields.Date(required=True, default=fields.Date.context_today)
    place = fields.Char(compute="_compute_place", store=True, readonly=False, precompute=True)
    lang = fields.Char("Language", compute="_compute_text", store=True, readonly=False, precompute=True)
    subject = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    salutation = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    body = fields.Html(
        "Text", compute="_compute_text", store=True, readonly=False, precompute=True, sanitize_style=True
    )
    closing = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    state = fields.Selection(STATES, required=True, readonly=True, copy=False, default="draft", index=True)
    reason = fields.Selection(REASONS, "Left Out Because", readonly=True, copy=False)
    failure = fields.Char(readonly=True, copy=False, help="Why it could not be printed.")
    printed_on = fields.Datetime("Printed", readonly=True, copy=False)
    reference = fields.Char(compute="_compute_reference", help="Stands on the letter.")
    address = fields.Text(compute="_compute_address")
    problem = fields.Char(compute="_compute_problem", help="Why it cannot be printed as it is.")
    block_reason = fields.Text(
        "Blocked by Accounting", compute="_compute_block_reason", help="The customer may be written to all the same."
    )
    attachment_id = fields.Many2one(
        "ir.attachment", "Document", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    pdf = fields.Binary("PDF", compute="_compute_pdf", exportable=False)
    # What was written into the customer's history of a letter that hangs on a project.
    customer_message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    batch_id = fields.Many2one(
        "crm.letter.batch", readonly=True, copy=False, index="btree_not_null", ondelete="cascade"
    )
    position = fields.Integer(readonly=True, copy=False, aggregator=None, help="In the order of the addresses.")
    part_id = fields.Many2one("ir.attachment", readonly=True, copy=False, index="btree_not_null", ondelete="set null")

    # Of those that wait alone: two customers who had their letters both may become one, see base_partner_merge.py.
    _once_per_batch = models.UniqueIndex(
        "(batch_id, partner_id) WHERE state = 'waiting'", "A customer gets the letter of a batch once."
    )
    _waiting_index = models.Index("(batch_id, position) WHERE state = 'waiting'")
    _left_out_has_reason = models.Constraint(
        "CHECK ((state = 'left_out') = (reason IS NOT NULL))", "Who is left out is left out for a reason."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("company_id")
    def _compute_place(self):
        for letter in self:
            letter.place = letter.company_id.city

    def _compute_reference(self):
        for letter in self:
            letter.reference = f"L{letter._origin.id:06d}" if letter._origin.id else False

    @api.depends("partner_id", "company_id")
    def _compute_address(self):
        for letter in self:
            lines = letter.partner_id._letter_lines(letter.company_id) if letter.partner_id else []
            letter.address = "\n".join(lines) or False

    @api.depends("partner_id", "company_id", "state")
    def _compute_problem(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        self.problem = False
        drafts = self.filtered(lambda letter: letter.state == "draft" and letter.partner_id)
        for company, letters in drafts.grouped("company_id").items():
            by_partner = self.env["crm.letter.batch"]._get_reasons_by_partner(
                letters.partner_id._origin, company=company
            )
            for letter in letters:
                reason = by_partner.get(letter.partner_id._origin.id)
                # To one person something may be written that is no advertising.
                letter.problem = reasons[reason] if reason and reason != "blacklisted" else False

    @api.depends("partner_id", "company_id")
    def _compute_block_reason(self):
        """A hint and no refusal: reminders are letters, too."""
        blocks = self.env["crm.customer.block"]._open_blocks(self.partner_id, self.company_id)
        for letter in self:
            # sudo: the company above a contact person, which is what is blocked
            customer = letter.sudo().partner_id.commercial_partner_id._origin
            block = blocks.get((customer.id, letter.company_id.id))
            letter.block_reason = block.reason if block else False

    @api.depends("attachment_id")
    def _compute_pdf(self):
        # sudo: who may read the letter may read what was printed of it
        for letter in self:
            letter.pdf = letter.sudo().attachment_id.datas

    @api.depends("subject", "partner_id")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = letter.subject or self.env._("New letter")

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id and not self.partner_id:
            self.partner_id = self.lead_id.partner_id

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        of_projects = Domain("lead_id", "=", False) | super()._get_access_domain()
        return of_projects & Domain("partner_id", "any", [])

    def _filter_out_of_reach(self, operation):
        """As for projects, and those whose recipient the user may not see."""
        out_of_reach = super()._filter_out_of_reach(operation)
        # sudo: only to learn which customer to ask for, which is then asked as the user
        partner_of = {letter.id: letter.partner_id.id for letter in self.sudo()}
        partners = self.env["res.partner"].browse({partner for partner in partner_of.values() if partner})
        readable = set(partners._filtered_access("read")._ids)
        hidden = [letter for letter, partner in partner_of.items() if partner and partner not in readable]
        return out_of_reach | self.browse(hidden)

    @api.model_create_multi
    def create(self, vals_list):
        """Write letters; whoever does has to see whom they go to, and may change the project.

        :raise AccessError: they do not
        :raise UserError: something would be set that printing sets
        """
        if not self.env.su:
            for vals in vals_list:
                self._check_settable(vals)
        letters = super().create(vals_list)
        if not self.env.su:
            letters._check_new()
            letters.check_access("write")
        return letters

    def _check_new(self):
        """Also what came by the context: the file that a letter names is shown to whoever sees the letter."""
        for letter in self:
            printed = letter.attachment_id or letter.part_id or letter.batch_id or letter.customer_message_id
            if letter.state != "draft" or printed:
                raise UserError(self.env._("A letter begins as a draft."))

    def write(self, vals):
        """Drafts can be changed; what was printed stays as it is in the post.

        :raise UserError: for anything else
        """
        if not self.env.su:
            self._check_settable(vals)
            if any(letter.state != "draft" for letter in self):
                raise UserError(self.env._("This letter was printed already. Write a new one instead."))
        res = super().write(vals)
        if "partner_id" in vals:
            # Odoo checks before writing: whom it is for now must be in reach as well.
            self.check_access("write")
        return res

    def _check_company(self, fnames=None):
        """On a list there are also customers of other companies: those who are left out for it."""
        concerned = self.filtered(lambda letter: letter.state != "left_out")
        return super(CrmLetter, concerned)._check_company(fnames)

    def _check_settable(self, vals):
        printed = {name for name, field in self._fields.items() if field.readonly and field.store}
        if names := sorted(name for name in vals.keys() & printed if vals[name] and vals[name] != "draft"):
            raise UserError(self.env._("%s of a letter cannot be set by hand: printing does.", ", ".join(names)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_printed(self):
        """
        :raise UserError: the letter was printed, and the user is no manager
        """
        is_manager = self.env.su or self.env.user.has_group("sales_team.group_sale_manager")
        if not is_manager and any(letter.state == "printed" for letter in self):
            raise UserError(self.env._("A letter that was printed can only be deleted by a sales manager."))
