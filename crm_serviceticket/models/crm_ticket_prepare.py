from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

# What a measure may prepare: the model, and the states in which nobody has decided on it yet.
DOCUMENTS = {"order": ("sale.order", ("draft", "sent")), "credit_note": ("account.move", ("draft",))}


class CrmTicket(models.Model):
    """What the measure of a ticket makes ready: a draft, once, however often somebody asks for it.

    Who may work on a ticket prepares, also those who could make no order or credit note themselves. What is prepared
    is a draft: confirming and posting stay with sales and accounting.
    """

    _inherit = "crm.ticket"

    ticket_prepares = fields.Selection(related="measure_id.ticket_prepares")
    replacement_order_ids = fields.One2many("sale.order", "ticket_id", "Replacement Orders", groups=fields.NO_ACCESS)
    credit_note_ids = fields.One2many("account.move", "ticket_id", "Credit Notes", groups=fields.NO_ACCESS)
    prepared_name = fields.Char("Prepared", compute="_compute_prepared_name", compute_sudo=True, exportable=False)

    @api.depends(
        "replacement_order_ids.state", "replacement_order_ids.name", "credit_note_ids.state", "credit_note_ids.name"
    )
    def _compute_prepared_name(self):
        """Which order or credit note there is, also for who may not open it."""
        for ticket in self:
            documents = (*ticket.replacement_order_ids, *ticket.credit_note_ids)
            names = [document.display_name for document in documents if document.state != "cancel"]
            ticket.prepared_name = ", ".join(names)

    def write(self, vals):
        if "measure_id" in vals:
            self._check_measure(self.env["crm.choice"].browse(vals["measure_id"]))
        return super().write(vals)

    def _check_measure(self, measure):
        """A draft that was prepared belongs to the measure: it goes before another one is decided on."""
        changing = self.filtered(lambda ticket: ticket.measure_id != measure)
        for kind, (model, undecided) in DOCUMENTS.items():
            if measure.ticket_prepares == kind or not changing:
                continue
            # sudo: whether there is one, for whoever changes the measure
            drafts = self.env[model].sudo()
            draft = drafts.search([("ticket_id", "in", changing.ids), ("state", "in", undecided)], limit=1)
            if draft:
                raise UserError(
                    self.env._(
                        "For ticket %(number)s there is %(document)s as a draft. Cancel or delete it first, or keep the"
                        " measure.",
                        number=draft.ticket_id.number,
                        document=draft.display_name,
                    )
                )

    # ------------------------------------------------------------
    # The dialogue
    # ------------------------------------------------------------

    def action_prepare(self):
        """Ask for the lines and quantities of what the measure prepares; open it where it was prepared before.

        :return: an action
        :raise UserError: nothing can be prepared, with the reason and what to do
        """
        self.ensure_one()
        self.check_access("write")
        if not self.measure_id:
            raise UserError(self.env._("Decide on a measure first. It says what is prepared."))
        kind = self.ticket_prepares
        if not kind:
            raise UserError(self.env._("The measure “%s” prepares nothing.", self.measure_id.name))
        if document := self._find_prepared(kind):
            return self._action_open_prepared(document)
        self._check_nothing_else(kind)
        getattr(self, f"_check_prepare_{kind}")()
        rows = getattr(self, f"_get_{kind}_rows")()
        # sudo: users enter quantities, and cannot say which ticket or document it is about
        wizard = (
            self.env["crm.ticket.prepare"]
            .sudo()
            .create({"ticket_id": self.id, "kind": kind, "line_ids": [fields.Command.create(row) for row in rows]})
        )
        titles = {
            "order": self.env._("Prepare a Replacement Order"),
            "credit_note": self.env._("Prepare a Credit Note"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[kind],
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(self.env.ref(f"crm_serviceticket.crm_ticket_prepare_view_form_{kind}").id, "form")],
            "target": "new",
            "context": {},
        }

    def action_open_prepared(self):
        """Open what was prepared.

        :return: an action
        :raise UserError: nothing was, or it was cancelled
        """
        self.ensure_one()
        self.check_access("read")
        kinds = sorted(DOCUMENTS, key=lambda kind: kind != self.ticket_prepares)
        for kind in kinds:
            if document := self._find_prepared(kind):
                return self._action_open_prepared(document)
        raise UserError(self.env._("Nothing is prepared for this ticket."))

    def _find_prepared(self, kind):
        model, _undecided = DOCUMENTS[kind]
        # sudo: whether it is there, which is so for everybody
        documents = self.env[model].sudo()
        return documents.search([("ticket_id", "=", self.id), ("state", "!=", "cancel")], limit=1)

    def _check_measure_is_still(self, kind):
        """A colleague may have decided on something else while the dialogue was open."""
        self.invalidate_recordset(["measure_id", "ticket_prepares"])
        if self.ticket_prepares != kind:
            raise UserError(
                self.env._("The measure of ticket %s is another one by now. Close the dialogue and look.", self.number)
            )
        self._check_nothing_else(kind)

    def _check_nothing_else(self, kind):
        """What is complained about is replaced or credited, and not both."""
        for other in DOCUMENTS.keys() - {kind}:
            if document := self._find_prepared(other):
                raise UserError(
                    self.env._(
                        "For ticket %(number)s there is %(document)s already. Cancel it first, or record another ticket"
                        " for what is left.",
                        number=self.number,
                        document=document.display_name,
                    )
                )

    def _action_open_prepared(self, document):
        theirs = document.sudo(False)
        if theirs.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "name": document.display_name,
                "res_model": document._name,
                "res_id": document.id,
                "views": [(False, "form")],
            }
        if document._name == "sale.order":
            text = self.env._("%s is there as a draft. Sales goes on with it.", document.display_name)
        else:
            text = self.env._("%s is there as a draft. Accounting goes on with it.", document.display_name)
        params = {"type": "success", "message": text, "next": {"type": "ir.actions.act_window_close"}}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _check_readable(self, document):
        """What a draft is made of is shown to who may see it alone."""
        if document.has_access("read"):
            return
        # sudo: whom to ask
        names = document.sudo()._fields.get("invoice_user_id") and document.sudo().invoice_user_id.name
        names = names or (document._name == "sale.order" and document.sudo().user_id.name)
        if document._name == "sale.order":
            text = self.env._("You may not see the order of this ticket. Ask a colleague in sales to prepare it.")
        else:
            text = self.env._("You may not see the invoice of this ticket. Ask accounting to prepare the credit note.")
        if names:
            text = " ".join((text, self.env._("Its salesperson is %s.", names)))
        raise UserError(text)

    # ------------------------------------------------------------
    # Replacement order
    # ------------------------------------------------------------

    def _check_prepare_order(self):
        if not self.partner_id:
            raise UserError(self.env._("Say first which customer ticket %s is of.", self.number))
        if self.sale_order_id:
            self._check_readable(self.sale_order_id)

    def _get_order_rows(self):
        """The lines of the order, else the product; with the quantity where it is clear what is complained about."""
        lines = self.sale_order_id.order_line.filtered(lambda line: line._is_replaceable())
        if not lines:
            return [{"product_id": self.product_id.id, "quantity": 1}] if self.product_id else []
        meant = lines.filtered(lambda line: line.product_id == self.product_id) if self.product_id else lines
        meant = meant if self.product_id or len(lines) == 1 else meant.browse()
        return [
            {
                "sale_line_id": line.id,
                "is_ordered": True,
                "product_id": line.product_id.id,
                "name": line.name,
                "uom_id": line.product_uom_id.id,
                "quantity_ordered": line.product_uom_qty,
                "quantity": line.product_uom_qty if line in meant else 0,
            }
            for line in lines
        ]

    def _prepare_order(self, rows):
        """Make the draft order for these lines, or return the one that is there.

        :param list rows: values of ``sale.order.line``: product, quantity, and where there are any unit and text
        :return: ``sale.order`` in sudo
        """
        self.check_access("write")
        self._check_prepare_order()
        _take_turns(self)
        if order := self._find_prepared("order"):
            return order
        self._check_measure_is_still(kind="order")
        # sudo: who may work on the ticket prepares; the ticket and the order it is about were checked
        orders = self.with_context(clean_context(self.env.context)).env["sale.order"].sudo()
        order = orders.with_company(self.company_id).create(self._prepare_order_values(rows))
        is_seller = self.env.user.has_group("sales_team.group_sale_salesman")
        if is_seller and not order.sudo(False).has_access("read"):
            order.user_id = self.env.user
        self._log_prepared(order)
        return order

    def _prepare_order_values(self, rows):
        # sudo: read before, see `_check_prepare_order`
        about = self.sudo().sale_order_id
        values = {
            "ticket_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": (about.partner_id or self.partner_id).id,
            "origin": ", ".join(filter(None, (self.number, about.name))),
            "order_line": [
                fields.Command.create({**row, "price_unit": 0, "discount": 0, "is_replacement": True}) for row in rows
            ],
        }
        for name in ("partner_invoice_id", "partner_shipping_id", "pricelist_id", "fiscal_position_id"):
            if about[name]:
                values[name] = about[name].id
        if about.client_order_ref:
            values["client_order_ref"] = about.client_order_ref
        return values

    # ------------------------------------------------------------
    # Credit note
    # ------------------------------------------------------------

    def _check_prepare_credit_note(self):
        invoice = self.invoice_id
        if not invoice:
            raise UserError(self.env._("Say first which invoice ticket %s is about.", self.number))
        self._check_readable(invoice)
        if invoice.move_type != "out_invoice":
            raise UserError(self.env._("%s is no invoice to a customer. Choose another one.", invoice.display_name))
        if invoice.state != "posted":
            raise UserError(
                self.env._("%s is not posted, so there is nothing to credit yet. Ask accounting.", invoice.display_name)
            )
        # sudo: what was credited before counts, also on credit notes of colleagues
        is_all_credited = invoice.amount_total > 0 >= invoice.currency_id.round(invoice.sudo()._get_amount_left())
        if is_all_credited or not any(self._get_creditable().values()):
            raise UserError(self.env._("Everything on %s has been credited already.", invoice.display_name))

    def _get_creditable(self):
        # sudo: what was credited before counts, also on credit notes of colleagues
        return self.invoice_id.sudo()._get_creditable()

    def _get_credit_note_rows(self):
        left = {line: quantity for line, quantity in self._get_creditable().items() if quantity > 0}
        meant = [line for line in left if line.product_id == self.product_id] if self.product_id else list(left)
        if not self.product_id and len(left) > 1:
            meant = []
        return [
            {
                "move_line_id": line.id,
                "product_id": line.product_id.id,
                "name": line.name or line.product_id.display_name,
                "uom_id": line.product_uom_id.id,
                "price": line._get_discounted_price(),
                "quantity_left": quantity,
                "quantity": quantity if line in meant else 0,
            }
            for line, quantity in left.items()
        ]

    def _prepare_credit_note(self, quantities):
        """Make the draft credit note by Odoo's own wizard, of these lines alone, or return the one that is there.

        :param dict quantities: quantity by ``account.move.line`` of the invoice
        :return: ``account.move`` in sudo
        :raise UserError: more than is left to credit
        """
        self.check_access("write")
        if self.invoice_id:
            self._check_readable(self.invoice_id)
        _take_turns(self)
        if note := self._find_prepared("credit_note"):
            return note
        self._check_measure_is_still(kind="credit_note")
        # tickets of the same invoice as well
        _take_turns(self.invoice_id)
        self._check_prepare_credit_note()
        self._check_quantities(quantities)
        # sudo: what was credited before counts, also on credit notes of colleagues
        invoice = self.invoice_id.sudo()
        left, rounding = invoice._get_amount_left(), invoice._get_rounding_of_notes()
        note = self._reverse_invoice()
        note.write({"ticket_id": self.id, "invoice_line_ids": note._get_partial_commands(quantities)})
        self._check_amount(note, left, rounding)
        self._log_prepared(note)
        return note

    def _check_quantities(self, quantities):
        left = self._get_creditable()
        for line, quantity in quantities.items():
            if line not in left:
                raise UserError(self.env._("The line is not on the invoice of this ticket. Open the dialogue again."))
            if line.product_uom_id.compare(quantity, left[line]) > 0 if line.product_uom_id else quantity > left[line]:
                raise UserError(
                    self.env._(
                        "Of “%(line)s” there are %(left)s left to credit, and not %(quantity)s.",
                        line=line.name or line.product_id.display_name,
                        left=f"{left[line]:g}",
                        quantity=f"{quantity:g}",
                    )
                )

    def _check_amount(self, note, left, rounding):
        """The lines alone do not say it: what an invoice takes off at its end, and others' notes, count as well."""
        currency = note.currency_id
        if currency.compare_amounts(note.amount_total, left + rounding) > 0:
            raise UserError(
                self.env._(
                    "Of %(invoice)s there is %(left)s left to credit, and this makes %(amount)s. Enter less.",
                    invoice=self.invoice_id.display_name,
                    left=currency.format(max(left, 0)),
                    amount=currency.format(note.amount_total),
                )
            )

    def _reverse_invoice(self):
        clean = self.with_context(clean_context(self.env.context)).with_company(self.company_id)
        # sudo: who may work on the ticket and read its invoice prepares, which was checked; it stays a draft
        wizards = clean.env["account.move.reversal"].sudo()
        wizards = wizards.with_context(active_model="account.move", active_ids=self.invoice_id.ids)
        wizard = wizards.new({"reason": self.number})
        wizard = wizards.create({"reason": self.number, "journal_id": wizard.journal_id.id})
        wizard.reverse_moves()
        return wizard.new_move_ids.with_context(clean.env.context)

    def _log_prepared(self, document):
        """Tell of it on both sides; by number alone, as the ticket may be hidden from who sees the document."""
        document._message_log(
            body=self.env._("Prepared from ticket %s", self._get_html_link(title=self.number)),
            author_id=self.env.user.partner_id.id,
        )
        self._message_log(
            body=self.env._("Prepared: %s", document._get_html_link(title=document.display_name)),
            author_id=self.env.user.partner_id.id,
        )


def _take_turns(record):
    """Have whoever comes at the same time wait, and then start again: they find what the first one made.

    The row is written, not locked alone: PostgreSQL tells the second one that it has changed, and Odoo repeats the
    request.
    """
    record.flush_recordset()
    table = SQL.identifier(record._table)
    record.env.cr.execute(SQL("UPDATE %s SET write_date = write_date WHERE id = %s", table, record.id))
