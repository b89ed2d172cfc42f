import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmBoardPut(models.TransientModel):
    """Asks on which board the customers of a search list go, and what their projects are about."""

    _name = "crm.board.put"
    _description = "Put Customers on the Board"

    # Comes from the search list and goes back to the server as it is; what it finds depends on the user's rights.
    partner_domain = fields.Char(required=True, readonly=True, default="[]")
    partner_count = fields.Integer("Customers", compute="_compute_partner_count")
    allowed_team_ids = fields.Many2many("crm.team", compute="_compute_allowed_team_ids")
    team_id = fields.Many2one(
        "crm.team",
        "Board of",
        required=True,
        domain="[('id', 'in', allowed_team_ids)]",
        default=lambda self: self._default_team_id(),
    )
    subject_list_id = fields.Many2one(related="team_id.process_id.subject_list_id")
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False)
    subject_id = fields.Many2one("crm.choice", "Fixed Subject", domain="[('list_id', '=', subject_list_id)]")

    @api.model
    def _default_team_id(self):
        teams = self.env["res.partner"]._salesboard_teams()
        own = teams.filtered(lambda team: self.env.user in team.member_ids | team.user_id)
        return (own or teams)[:1]

    @api.depends("team_id")
    def _compute_allowed_team_ids(self):
        self.allowed_team_ids = self.env["res.partner"]._salesboard_teams()

    @api.depends("partner_domain")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = self.env["res.partner"].search_count(wizard._partners_asked_for())

    @api.depends("subject_id", "subject_list_id")
    def _compute_subject(self):
        for wizard in self:
            if wizard.subject_list_id:
                wizard.subject = wizard.subject_id.name

    def _partners_asked_for(self):
        """The domain of the customers.

        :raise UserError: it is none
        """
        try:
            return list(Domain(json.loads(self.partner_domain)))
        except (TypeError, ValueError) as error:
            raise UserError(_("This is not a search for customers. Start again from the search list.")) from error

    def action_put(self):
        """Put them there, and say how many projects that made.

        :return: an action that shows the message
        :raise UserError: see ``put_on_salesboard`` of the customer
        """
        self.ensure_one()
        done = self.env["res.partner"].put_on_salesboard(
            self._partners_asked_for(), self.team_id.id, self.subject
        )
        message = _("%(made)s projects were put on the board, in Unprocessed.", made=done["made"])
        if done["skipped"]:
            message += " " + _(
                "%(skipped)s customers were left out: they have an open project there already, or belong to another "
                "company.",
                skipped=done["skipped"],
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if done["made"] else "warning",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
