from odoo import api, fields, models


class CrmTicketClose(models.TransientModel):
    """Asks what came of tickets, and closes them."""

    _name = "crm.ticket.close"
    _description = "Close Tickets"

    ticket_ids = fields.Many2many("crm.ticket", string="Tickets", required=True)
    status_id = fields.Many2one(
        "crm.ticket.status",
        required=True,
        domain=[("closes", "=", True)],
        default=lambda self: self.env["crm.ticket.status"].search([("closes", "=", True)], limit=1),
    )
    has_other_status = fields.Boolean(compute="_compute_has_other_status")
    measure_id = fields.Many2one(
        "crm.choice",
        compute="_compute_of_ticket",
        store=True,
        readonly=False,
        domain=[("usage", "=", "ticket_measure")],
    )
    result = fields.Text(
        compute="_compute_of_ticket", store=True, readonly=False, help="What came of it. The customer can read it."
    )
    result_required = fields.Boolean(compute="_compute_result_required")

    @api.depends("status_id")
    def _compute_has_other_status(self):
        closing = self.env["crm.ticket.status"].search_count([("closes", "=", True)], limit=2)
        for wizard in self:
            wizard.has_other_status = closing > 1

    @api.depends("ticket_ids")
    def _compute_of_ticket(self):
        for wizard in self:
            ticket = wizard.ticket_ids if len(wizard.ticket_ids) == 1 else wizard.ticket_ids.browse()
            wizard.measure_id = ticket.measure_id
            wizard.result = ticket.result

    @api.depends("ticket_ids.result")
    def _compute_result_required(self):
        for wizard in self:
            wizard.result_required = not all((ticket.result or "").strip() for ticket in wizard.ticket_ids)

    def action_close_tickets(self):
        """Close the tickets with the result. Of several, those that have a result already keep theirs.

        :return: closing the dialogue, with ``moved``, and what was ``before``, for the board that opened it
        """
        self.ensure_one()
        tickets = self.ticket_ids
        single = tickets if len(tickets) == 1 else tickets.browse()
        before = single._snapshot_before_closing() if single else {}
        common = {"status_id": self.status_id.id}
        if self.measure_id or single:
            common["measure_id"] = self.measure_id.id
        with_result = (tickets - single).filtered(lambda ticket: (ticket.result or "").strip())
        with_result.write(common)
        (tickets - with_result).write({**common, "result": self.result})
        return {"type": "ir.actions.act_window_close", "infos": {"moved": True, "before": before}}
