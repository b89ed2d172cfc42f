from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTicket(models.Model):
    """How a ticket is closed, with a result, and what opens it again."""

    _inherit = "crm.ticket"

    is_closed = fields.Boolean("Closed", related="status_id.closes", store=True, precompute=True)
    closed_on = fields.Datetime(compute="_compute_closed_on", store=True, precompute=True, readonly=False, copy=False)
    reopened_count = fields.Integer("Reopened", readonly=True, copy=False, help="How often it was opened again.")

    @api.depends("status_id")
    def _compute_closed_on(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.closed_on = ticket.status_id.closes and (ticket.closed_on or now)

    @api.constrains("status_id", "result")
    def _check_result(self):
        """Whoever closes a ticket says what came of it.

        :raise ValidationError: it names the tickets
        """
        without = self.filtered(lambda ticket: ticket.is_closed and not (ticket.result or "").strip())
        if without:
            raise ValidationError(
                self.env._(
                    "Write down the result of %(tickets)s: a ticket is not closed without.",
                    tickets=", ".join(without.mapped("display_name")),
                )
            )

    def write(self, vals):
        """Count what is opened again."""
        if "status_id" not in vals:
            return super().write(vals)
        closed = self.filtered("is_closed")
        res = super().write(vals)
        closed.filtered(lambda ticket: not ticket.is_closed)._count_reopening()
        return res

    def _count_reopening(self):
        # sudo: it is counted for whoever opened it, and not theirs to write
        for ticket in self.sudo():
            ticket.reopened_count += 1
        late = self.sudo().filtered("is_overdue")
        late._restart_deadline()

    # ------------------------------------------------------------
    # What the customer says
    # ------------------------------------------------------------

    def _take_answer(self):
        """The customer has answered: what was closed or waits for that is worked on again."""
        # sudo: whoever answers, by e-mail or in the portal, may not change the ticket but does this
        for ticket in self.sudo():
            if ticket.is_closed:
                ticket.status_id = ticket.env["crm.ticket.status"]._first_open()
                ticket._restart_deadline()
                ticket._tell_reopened()
            elif ticket.status_id.is_waiting:
                ticket.status_id = ticket.status_id._after_waiting()

    def _notify_thread_with_out_of_office_get_additional_users(
        self, message, recipients_data, ooo_author, msg_vals=False
    ):
        """Odoo asks who is responsible, which customers who answer may not know."""
        # sudo: whose note they get when they are away, nothing of it is shown
        ticket = self.sudo()
        return super(CrmTicket, ticket)._notify_thread_with_out_of_office_get_additional_users(
            message, recipients_data, ooo_author, msg_vals
        )

    def _wait_for_customer(self):
        """The customer was asked something."""
        waiting = self.env["crm.ticket.status"].search([("is_waiting", "=", True)], limit=1)
        if waiting:
            self.filtered(lambda ticket: not ticket.is_closed and ticket.status_id != waiting).status_id = waiting

    def _tell_reopened(self):
        """Give whoever is responsible, or leads the team, something to do, where they can see it."""
        for user in self.user_id | self.team_id.user_id:
            if user.active and not user.share and self._is_seen_by(user):
                self.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.with_context(lang=user.lang).env._("Reopened: the customer has answered"),
                )
                return

    def _is_seen_by(self, user):
        as_user = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return as_user.has_access("read")
