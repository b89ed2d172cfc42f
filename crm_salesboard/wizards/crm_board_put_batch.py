from collections import Counter, defaultdict

from odoo import models

from .crm_board_put import UNDO_BATCH

OPEN_KINDS = ("unprocessed", "status")


class CrmBoardPut(models.TransientModel):
    """The rules by which customers become projects, a batch at a time without a query per customer."""

    _inherit = "crm.board.put"

    def _put_batch(self, partners):
        """Make the projects of a batch, and note what became of each customer."""
        teams = self._teams_by_rule(partners)
        reasons = self._reasons_to_leave_out(teams)
        taken = self._taken_places(partners)
        turns = Counter(self.turns or {})
        vals_list, rows = [], []
        for partner in partners:
            team = teams[partner]
            place = (team.process_id, partner.commercial_partner_id)
            result = reasons.get(partner) or taken.get(place) or "made"
            if result == "made":
                taken[place] = "double"
                vals_list.append(self._prepare_project(partner, team, turns))
            rows.append((partner, team, result))
        self.turns = dict(turns)
        leads = iter(self._create_projects(vals_list))
        # sudo: users may not write these lines, as undoing goes by them
        self.env["crm.board.put.line"].sudo().create(
            [
                {
                    "put_id": self.id,
                    "partner_id": partner.id,
                    "team_id": team.id,
                    "result": result,
                    "lead_id": next(leads).id if result == "made" else False,
                }
                for partner, team, result in rows
            ]
        )

    # ------------------------------------------------------------
    # Team
    # ------------------------------------------------------------

    def _teams_in_question(self):
        return self.team_id | self.env["res.partner"]._salesboard_teams() if self._is_by_rule() else self.team_id

    def _is_by_rule(self):
        return self.team_rule == "salesperson"

    def _teams_by_rule(self, partners):
        """The team of each customer: as ``crm.team._get_default_team_id``, of many at once."""
        if not self._is_by_rule():
            return dict.fromkeys(partners, self.team_id)
        teams_of = defaultdict(list)
        for team in self.env["res.partner"]._salesboard_teams():
            for user in team.member_ids | team.user_id:
                teams_of[user].append(team)
        return {
            partner: next(
                (team for team in teams_of[partner._put_salesperson()] if partner._fits_salesboard_team(team)),
                self.team_id,
            )
            for partner in partners
        }

    # ------------------------------------------------------------
    # Left out
    # ------------------------------------------------------------

    def _reasons_to_leave_out(self, teams):
        """Which customers get no project, whatever is on the board, and why.

        :param dict teams: ``{customer: team}``
        :return: ``{customer: reason}`` of those
        """
        # sudo: companies that the user does not work in are no customers either
        own = self.env["res.company"].sudo().search([]).partner_id
        unfit = {team for team in set(teams.values()) if not self._is_subject_of(team.process_id)}
        reasons = {}
        for partner, team in teams.items():
            if not partner.active:
                reasons[partner] = "archived"
            elif not partner.partner_share or partner.commercial_partner_id in own:
                reasons[partner] = "own"
            elif not partner._fits_salesboard_team(team):
                reasons[partner] = "company"
            elif team in unfit:
                reasons[partner] = "subject"
        return reasons

    def _taken_places(self, partners):
        """Where customers have an open project, whoever owns it: ``{(process, company): reason}``."""
        customers = partners.commercial_partner_id
        # sudo: projects of colleagues count as well; all that is told of them is that there is one, and of restricted
        # ones not even that
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.commercial_partner_id", "in", customers.ids),
                    ("board_column_id.process_id", "in", self._teams_in_question().process_id.ids),
                    ("board_column_id.kind", "in", OPEN_KINDS),
                    ("is_hidden", "=", False),
                ],
                ["board_column_id.process_id", "partner_id.commercial_partner_id"],
            )
        )
        taken = dict.fromkeys(groups, "open")
        # sudo: the project may be a colleague's; it was made by this very run
        made = (
            self.env["crm.board.put.line"]
            .sudo()
            .search(
                [
                    ("put_id", "=", self.id),
                    ("result", "=", "made"),
                    ("partner_id.commercial_partner_id", "in", customers.ids),
                ]
            )
        )
        for line in made:
            taken[line.team_id.process_id, line.partner_id.commercial_partner_id] = "double"
        return taken

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    def _prepare_project(self, partner, team, turns):
        """Values of the project to begin with."""
        company = team.company_id or partner.company_id
        columns = team.process_id.column_ids
        return {
            "name": self.subject.strip(),
            "type": "opportunity",
            "partner_id": partner.id,
            "team_id": team.id,
            "user_id": self._owner_by_rule(partner, team, company, turns).id,
            "board_column_id": columns.filtered(lambda column: column.kind == "unprocessed").id,
            **({"company_id": company.id} if company else {}),
        }

    def _owner_by_rule(self, partner, team, company, turns):
        """The customer's salesperson or, without one who still works there, whom the user has chosen.

        :param Counter turns: per team how many were shared out; counts on
        """
        owner = partner._put_salesperson()
        if self._works_for(owner, company):
            return owner
        if self.owner_rule == "nobody":
            return owner.browse()
        if self.owner_rule == "share":
            # sudo: salespeople need not see who pauses; nothing else of it is used
            members = team.sudo().crm_team_member_ids.filtered(lambda member: not member.assignment_optout)
            users = members.user_id.filtered(lambda user: self._works_for(user, company))
            if users:
                turn = turns[str(team.id)]
                turns[str(team.id)] += 1
                return users[turn % len(users)]
        return self.env.user

    def _works_for(self, user, company):
        return user.active and not user.share and (not company or company in user.company_ids)

    def _create_projects(self, vals_list):
        """Make the projects with their followers and a line in the chatter: all at once, unlike Odoo's one by one."""
        # sudo: a salesperson may hand projects to colleagues, natively by making them first; the customers, the team
        # and the right to make projects have been checked
        leads = self.env["crm.lead"].sudo().with_context(tracking_disable=True).create(vals_list)
        # Nobody wants a mail for each of a thousand projects.
        leads = leads.with_context(tracking_disable=False, mail_auto_subscribe_no_notify=True)
        for (owner, team), owned in leads.grouped(lambda lead: (lead.user_id, lead.team_id)).items():
            owned._message_auto_subscribe({"user_id": owner.id, "team_id": team.id}, followers_existing_policy="skip")
        leads._message_log_batch(dict.fromkeys(leads.ids, self.env._("Put on the board from a list of customers.")))
        return leads

    # ------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------

    def _undo_part(self):
        # sudo: salespeople may not delete projects; these are what their own run has made and nobody has worked on
        lines = (
            self.env["crm.board.put.line"]
            .sudo()
            .search([("put_id", "=", self.id), ("result", "=", "made")], limit=UNDO_BATCH)
        )
        leads = lines.lead_id.exists()
        touched = leads._touched_since_made()
        lines.filtered(lambda line: line.lead_id in touched).result = "kept"
        lines.filtered(lambda line: line.lead_id not in touched).result = "removed"
        (leads - touched).unlink()
        if len(lines) < UNDO_BATCH:
            self.state = "undone"
