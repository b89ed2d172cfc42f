from odoo import api, models
from odoo.exceptions import AccessError

# What a manager of tickets sets up, and of a new team also whose it is.
TICKET_FIELDS = frozenset(
    (
        "name", "active", "sequence", "user_id", "member_ids", "ticket_alias_name", "ticket_alias_domain_id",
        "ticket_receipt", "ticket_calendar_id", "ticket_hours_low", "ticket_hours_medium", "ticket_hours_high",
        "ticket_hours_urgent",
        # what Odoo writes with the members
        "favorite_user_ids",
    )
)  # fmt: skip
NEW_TEAM_FIELDS = TICKET_FIELDS | {"company_id", "uses_tickets", "use_leads", "use_opportunities"}


class CrmTeam(models.Model):
    """What a manager of tickets may change who does not manage sales: teams with tickets, and their work on these."""

    _inherit = "crm.team"

    @api.model_create_multi
    def create(self, vals_list):
        """Make teams; those of a manager of tickets work on tickets, and on nothing else.

        :raise AccessError: a manager of tickets would set up more than tickets
        """
        if not self._is_for_tickets_alone():
            return super().create(vals_list)
        self._check_ticket_fields(vals_list, NEW_TEAM_FIELDS)
        context = {name: value for name, value in self.env.context.items() if not name.startswith("default_")}
        of_tickets = {"uses_tickets": True, "use_leads": False, "use_opportunities": False}
        return super(CrmTeam, self.with_context(context)).create([{**vals, **of_tickets} for vals in vals_list])

    def write(self, vals):
        """Change teams.

        :raise AccessError: a manager of tickets would change more than how a team works on tickets
        """
        if self._is_for_tickets_alone():
            self._check_ticket_fields([vals], TICKET_FIELDS)
            # sudo: asked of teams that the user may read
            if others := self.sudo().filtered(lambda team: not team.uses_tickets):
                raise self.env["ir.rule"]._make_access_error("write", others.sudo(False))
        return super().write(vals)

    @api.model
    def _is_for_tickets_alone(self):
        user = self.env.user
        manages = not self.env.su and user.has_group("crm_serviceticket.group_ticket_manager")
        return manages and not user.has_group("sales_team.group_sale_manager")

    @api.model
    def _check_ticket_fields(self, vals_list, allowed):
        if others := sorted({name for vals in vals_list for name in vals if name in self._fields} - allowed):
            labels = [self._fields[name]._description_string(self.env) for name in others]
            raise AccessError(
                self.env._(
                    "%(fields)s of a team: ask who manages sales. A manager of tickets sets up how it works on "
                    "tickets.",
                    fields=", ".join(labels),
                )
            )
