import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# One call is one transaction, which more customers would outlast; the assistant, which works in parts, has no limit.
PUT_LIMIT = 5000


class ResPartner(models.Model):
    """Handing customers to the board, as projects to begin with."""

    _inherit = "res.partner"

    @api.model
    def action_put_on_salesboard(self, domain):
        """Ask on which board to put the customers of a search.

        :param list domain: the customers
        :return: an action that opens the assistant
        :raise UserError: no customer matches, or there is no team whose board the user may fill
        """
        self._check_may_put_on_salesboard()
        if not self._salesboard_teams():
            raise UserError(
                self.env._("You are not in a team that sells by a process. Ask your sales manager to add you to one.")
            )
        if not self.search_count(domain, limit=1):
            raise UserError(self.env._("No customer matches this search. Change it first."))
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_board_put_action")
        action["context"] = {"default_partner_domain": json.dumps(list(domain)), "dialog_size": "medium"}
        return action

    @api.model
    def action_put_selected_on_salesboard(self):
        """Ask on which board to put the customers that are selected in a list, or the one that a form shows.

        Of "all in the list" the web client hands over no more ids than its limit; it is then asked for by its search.

        :return: an action that opens the assistant
        :raise UserError: see :meth:`action_put_on_salesboard`
        """
        context = self.env.context
        ids, domain = context.get("active_ids") or [], context.get("active_domain")
        # sudo: the web client is told of this limit as well
        limit = int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", default="20000"))
        if domain is None or len(ids) < limit:
            domain = [("id", "in", ids), ("active", "in", [True, False])]
        elif context.get("active_test") is False:
            domain = Domain(domain) & Domain("active", "in", [True, False])
        return self.action_put_on_salesboard(domain)

    @api.model
    def put_on_salesboard(self, domain, team_id, subject, owner_rule="me", team_rule="chosen"):
        """Make an unprocessed project for every customer of a search that has no open one in the team's process.

        For other systems, all of it in one transaction. See ``crm.board.put`` for the rules.

        :param list domain: the customers, of which the user's own rights leave those that the user may read
        :param int team_id: a team on a process
        :param str subject: what the projects are about
        :param str owner_rule: who owns those of customers without a salesperson: ``me``, ``share`` or ``nobody``
        :param str team_rule: ``chosen`` or ``salesperson``
        :return: ``{"made": number, "skipped": number}``; skipped are customers with an open project in that process,
            and those of another company than the team's
        :raise AccessError: the user may not make projects
        :raise UserError: no subject, not a team of the user's on a process, or too many customers
        """
        self._check_may_put_on_salesboard()
        if self.search_count(domain, limit=PUT_LIMIT + 1) > PUT_LIMIT:
            raise UserError(
                self.env._(
                    "More than %(limit)s customers match. Narrow the search, and put them on the board in parts.",
                    limit=PUT_LIMIT,
                )
            )
        return (
            self.env["crm.board.put"]
            .create(
                {
                    "partner_domain": json.dumps(list(domain)),
                    "team_id": team_id,
                    "subject": subject,
                    "owner_rule": owner_rule,
                    "team_rule": team_rule,
                }
            )
            ._put_all()
        )

    @api.model
    def _check_may_put_on_salesboard(self):
        self.env["crm.lead"].check_access("create")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople put customers on the board."))

    @api.model
    def _salesboard_teams(self):
        """The teams on a process whose board the user may fill: all for a manager, else the user's own."""
        domain = Domain("process_id", "!=", False) & Domain("company_id", "in", [False, *self.env.companies.ids])
        teams = self.env["crm.team"]
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            domain &= teams._domain_of_user()
        return teams.search(domain)

    def _put_salesperson(self):
        """Who looks after the customer: its own salesperson, or else that of its company."""
        # sudo: whether a colleague still works here, and for which companies, is nothing a salesperson may read
        return (self.user_id or self.commercial_partner_id.user_id).sudo()

    def _fits_salesboard_team(self, team):
        return not self.company_id or not team.company_id or self.company_id == team.company_id
