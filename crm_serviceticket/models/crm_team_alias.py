from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mail import email_normalize


class CrmTeam(models.Model):
    """The e-mail address of a team for complaints, beside the one of the team itself, whose mails become leads."""

    _inherit = "crm.team"

    ticket_alias_id = fields.Many2one(
        "mail.alias", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # Who may change the team may change its address, though aliases are for administrators: both by sudo.
    ticket_alias_name = fields.Char(
        "Name in the Address",
        compute="_compute_ticket_alias_name",
        inverse="_inverse_ticket_alias_name",
        compute_sudo=True,
        help="What stands before the @ of the address to which customers write their complaints.",
    )
    ticket_alias_domain_id = fields.Many2one(
        "mail.alias.domain",
        "Domain of the Address",
        compute="_compute_ticket_alias_domain_id",
        inverse="_inverse_ticket_alias_domain_id",
        compute_sudo=True,
    )
    ticket_alias_email = fields.Char("Address for Complaints", compute="_compute_ticket_alias_email", compute_sudo=True)

    # A team that works on tickets no more gives its address back, and gets it again with the tickets.
    ticket_alias_kept = fields.Char("Former Name in the Address", readonly=True, copy=False)
    ticket_alias_domain_kept_id = fields.Many2one(
        "mail.alias.domain", "Former Domain of the Address", readonly=True, copy=False, ondelete="set null"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("ticket_alias_id.alias_name")
    def _compute_ticket_alias_name(self):
        for team in self:
            team.ticket_alias_name = team.ticket_alias_id.alias_name

    @api.depends("ticket_alias_id.alias_domain_id", "company_id", "uses_tickets")
    def _compute_ticket_alias_domain_id(self):
        for team in self:
            team.ticket_alias_domain_id = team.ticket_alias_id.alias_domain_id or team._ticket_alias_domain()

    @api.depends("ticket_alias_id.alias_name", "ticket_alias_id.alias_domain_id.name")
    def _compute_ticket_alias_email(self):
        for team in self:
            alias = team.ticket_alias_id
            is_whole = alias.alias_name and alias.alias_domain_id
            team.ticket_alias_email = alias.display_name if is_whole else False

    @api.onchange("uses_tickets")
    def _onchange_uses_tickets(self):
        """Show the address that the team gets back, and forget a typed one when there are no tickets after all."""
        origin = self._origin.sudo()
        self.ticket_alias_name = origin.ticket_alias_name or (self.uses_tickets and origin.ticket_alias_kept)

    def _inverse_ticket_alias_name(self):
        """
        :raise ValidationError: a team without tickets would have an address for them
        """
        for team in self.filtered(lambda team: team.ticket_alias_name and not team.uses_tickets):
            raise ValidationError(
                self.env._(
                    "%(team)s has no address for complaints, as it does not work on them: tick Service Tickets first.",
                    team=team.name,
                )
            )
        # sudo: the team was written, so whoever does it may change the team
        for team in self.filtered("uses_tickets").sudo():
            team._make_ticket_alias()
            team.ticket_alias_id.alias_name = team.ticket_alias_name

    def _inverse_ticket_alias_domain_id(self):
        # sudo: as above
        for team in self.filtered("uses_tickets").sudo():
            team._make_ticket_alias()
            team.ticket_alias_id.alias_domain_id = team.ticket_alias_domain_id

    # ------------------------------------------------------------
    # Making and removing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Give the teams that work on tickets an address for them."""
        teams = super().create(vals_list)
        # sudo: whoever makes a team makes its address
        teams.filtered("uses_tickets").sudo()._make_ticket_alias()
        return teams

    def write(self, vals):
        """Make the address with the tickets, take it away with them, and keep it in the team's company."""
        res = super().write(vals)
        # sudo: who may change the team may change its address
        teams = self.sudo()
        if "uses_tickets" in vals:
            teams.filtered("uses_tickets")._make_ticket_alias()
            teams.filtered(lambda team: not team.uses_tickets)._remove_ticket_alias()
        if "company_id" in vals:
            for team in teams.filtered("ticket_alias_id"):
                team.ticket_alias_id.write(team._ticket_alias_values())
        return res

    def unlink(self):
        """Take the addresses away with the teams."""
        # sudo: who may delete the team may delete its address
        aliases = self.sudo().ticket_alias_id
        res = super().unlink()
        aliases.unlink()
        return res

    def _make_ticket_alias(self):
        without = self.filtered(lambda team: not team.ticket_alias_id)
        vals_list = [{**team._ticket_alias_values(), **team._former_address()} for team in without]
        for team, alias in zip(without, self.env["mail.alias"].create(vals_list), strict=True):
            team.write({"ticket_alias_id": alias.id, "ticket_alias_kept": False, "ticket_alias_domain_kept_id": False})

    def _former_address(self):
        """The address that the team had, where nobody else has got it since."""
        name, domain = self.ticket_alias_kept, self.ticket_alias_domain_kept_id or self._ticket_alias_domain()
        if not name or self.env["mail.alias"].search_count(
            [("alias_name", "=", name), ("alias_domain_id", "=", domain.id)], limit=1
        ):
            return {}
        return {"alias_name": name, "alias_domain_id": domain.id}

    def _remove_ticket_alias(self):
        aliases = self.ticket_alias_id
        for team in self.filtered("ticket_alias_id"):
            alias = team.ticket_alias_id
            team.write(
                {
                    "ticket_alias_id": False,
                    "ticket_alias_kept": alias.alias_name,
                    "ticket_alias_domain_kept_id": alias.alias_domain_id.id,
                }
            )
        aliases.unlink()

    def _ticket_alias_domain(self):
        return (self.company_id or self.env.company).alias_domain_id

    def _ticket_alias_values(self):
        """What is on the alias: whose it is, and what a ticket begins with that comes by it."""
        models_ = self.env["ir.model"]
        defaults = {"team_id": self.id} | ({"company_id": self.company_id.id} if self.company_id else {})
        return {
            "alias_model_id": models_._get_id("crm.ticket"),
            "alias_parent_model_id": models_._get_id("crm.team"),
            "alias_parent_thread_id": self.id,
            "alias_defaults": repr(defaults),
            "alias_domain_id": self._ticket_alias_domain().id,
        }

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Keep answers to leads away from the tickets: Odoo takes any alias that the team owns for the team's own."""
        reply_to = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        for team in self.sudo().filtered("ticket_alias_email"):
            if email_normalize(reply_to[team.id]) == team.ticket_alias_email:
                nobody = self.browse().with_company(team.company_id or self.env.company)
                reply_to[team.id] = super(CrmTeam, nobody)._notify_get_reply_to_batch(
                    defaults={False: (defaults or {}).get(team.id, False)},
                    author_ids={False: (author_ids or {}).get(team.id, False)},
                )[False]
        return reply_to
