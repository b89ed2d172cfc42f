import json

from odoo import _, api, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

# More at once would outlast a request; a search that finds so many is rarely meant.
PUT_LIMIT = 5000
PUT_BATCH = 1000
OPEN_KINDS = ("unprocessed", "status")


class ResPartner(models.Model):
    """Handing the customers of a search list to the board, as projects to begin with."""

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
                _("You are not in a team that sells by a process. Ask your sales manager to add you to one.")
            )
        if not self.search_count(domain, limit=1):
            raise UserError(_("No customer matches this search. Change it first."))
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_board_put_action")
        action["context"] = {"default_partner_domain": json.dumps(domain), "dialog_size": "medium"}
        return action

    @api.model
    def put_on_salesboard(self, domain, team_id, subject):
        """Make an unprocessed project for every customer of a search that has no open one in the team's process.

        The customer's salesperson owns it, or else the user.

        :param list domain: the customers, of which the user's own rights leave those that the user may read
        :param int team_id: a team on a process
        :param str subject: what the projects are about
        :return: ``{"made": number, "skipped": number}``; skipped are customers with an open project in that process,
            and those of another company than the team's
        :raise AccessError: the user may not make projects
        :raise UserError: no subject, not a team of the user's on a process, or too many customers
        """
        self._check_may_put_on_salesboard()
        team = self._salesboard_teams().filtered(lambda team: team.id == team_id)
        if not team:
            raise UserError(_("Choose a team of yours that sells by a process."))
        subject = (subject or "").strip()
        self._check_put_subject(team.process_id, subject)
        partners = self._partners_to_put(domain)
        self._lock_for_putting(team.process_id)
        made = sum(self._put_batch(self.browse(ids), team, subject) for ids in split_every(PUT_BATCH, partners.ids))
        return {"made": made, "skipped": len(partners) - made}

    @api.model
    def _check_may_put_on_salesboard(self):
        self.env["crm.lead"].check_access("create")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(_("Only salespeople put customers on the board."))

    @api.model
    def _salesboard_teams(self):
        """The teams on a process whose board the user may fill: all for a manager, else the user's own."""
        domain = Domain("process_id", "!=", False) & Domain("company_id", "in", [False, *self.env.companies.ids])
        teams = self.env["crm.team"].search(domain)
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return teams
        return teams.filtered(lambda team: self.env.user in team.member_ids | team.user_id)

    @api.model
    def _partners_to_put(self, domain):
        partners = self.search(domain, limit=PUT_LIMIT + 1)
        if len(partners) > PUT_LIMIT:
            raise UserError(
                _(
                    "More than %(limit)s customers match. Narrow the search, and put them on the board in parts.",
                    limit=PUT_LIMIT,
                )
            )
        return partners

    @api.model
    def _check_put_subject(self, process, subject):
        choices = process.subject_list_id.choice_ids
        if not subject:
            raise UserError(_("Say what the projects are about."))
        if choices and not choices._named(subject):
            raise UserError(
                _(
                    "%(subject)s is not a subject of %(process)s. Choose one of: %(choices)s.",
                    subject=subject,
                    process=process.name,
                    choices=", ".join(choices.mapped("name")),
                )
            )

    @api.model
    def _lock_for_putting(self, process):
        """Let one user at a time fill a board, so that two clicks make no doubles."""
        try:
            process.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                _("Somebody is putting customers on this board right now. Try again in a moment.")
            ) from error

    @api.model
    def _put_batch(self, partners, team, subject):
        """Make the projects of a batch; returns their number."""
        column = team.process_id.column_ids.filtered(lambda column: column.kind == "unprocessed")
        busy = self._busy_customer_ids(partners, team.process_id)
        vals_list = []
        for partner in partners:
            customer_id = partner.commercial_partner_id.id
            elsewhere = partner.company_id and team.company_id and partner.company_id != team.company_id
            if customer_id not in busy and not elsewhere:
                busy.add(customer_id)
                vals_list.append(partner._prepare_put_values(team, column, subject))
        self._create_put_projects(vals_list)
        return len(vals_list)

    @api.model
    def _create_put_projects(self, vals_list):
        """Make the projects with their followers and a line in the chatter: all at once, unlike Odoo's one by one."""
        # sudo: a salesperson may hand projects to colleagues, natively by making them first; the customers, the team
        # and the right to make projects have been checked
        leads = self.env["crm.lead"].sudo().with_context(tracking_disable=True).create(vals_list)
        # Nobody wants a mail for each of a thousand projects.
        leads = leads.with_context(tracking_disable=False, mail_auto_subscribe_no_notify=True)
        for (owner, team), owned in leads.grouped(lambda lead: (lead.user_id, lead.team_id)).items():
            owned._message_auto_subscribe({"user_id": owner.id, "team_id": team.id}, followers_existing_policy="skip")
        leads._message_log_batch(dict.fromkeys(leads.ids, _("Put on the board from a search of customers.")))

    @api.model
    def _busy_customer_ids(self, partners, process):
        """The customers among these, as companies, that have an open project in the process, whoever owns it."""
        # sudo: projects of colleagues count as well; all that is told of them is that there is one, and of restricted
        # ones not even that
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids),
                    ("board_column_id.process_id", "=", process.id),
                    ("board_column_id.kind", "in", OPEN_KINDS),
                    ("is_hidden", "=", False),
                ],
                ["partner_id.commercial_partner_id"],
            )
        )
        return {customer.id for (customer,) in groups}

    def _prepare_put_values(self, team, column, subject):
        """Values of the project to begin with."""
        self.ensure_one()
        # sudo: whether a colleague still works here, and for which companies
        owner = self.user_id.sudo()
        company = team.company_id or self.company_id
        works_there = owner.active and not owner.share and (not company or company in owner.company_ids)
        return {
            "name": subject,
            "type": "opportunity",
            "partner_id": self.id,
            "team_id": team.id,
            "user_id": owner.id if works_there else self.env.uid,
            "board_column_id": column.id,
            **({"company_id": company.id} if company else {}),
        }
