from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.flags import asked_for


class CrmLead(models.Model):
    """Projects that are seen by those who work on them only, while "Private Customers" is on in the settings.

    That is the owner and the linked users. Projects of nobody are open to everybody who may see their customer, or to
    managers alone, as chosen for customers of nobody.
    """

    _inherit = "crm.lead"

    is_private = fields.Boolean(
        "Private to Others",
        compute="_compute_is_private",
        search="_search_is_private",
        compute_sudo=True,
        exportable=False,
    )

    _private_customer_index = models.Index("(user_id, partner_id, id)")

    @api.depends("user_id", "partner_id", "is_shared_with_me")
    @api.depends_context("uid")
    def _compute_is_private(self):
        unowned_is_open = self.env["res.partner"]._unowned_is_open()
        unowned = self.filtered(lambda lead: not lead.user_id)
        for lead in self:
            if lead in unowned:
                is_open = unowned_is_open and not lead.partner_id.is_private
                lead.is_private = not is_open and not lead.is_shared_with_me
            else:
                lead.is_private = lead.user_id.id != self.env.uid and not lead.is_shared_with_me

    def _search_is_private(self, operator, value):
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        return Domain.OR(~self._open_domain() if private else self._open_domain() for private in asked)

    @api.depends_context("uid")
    def _compute_potential_lead_duplicates(self):
        """Odoo counts the projects of colleagues as well, for the user to ask a manager about them. No more here."""
        super()._compute_potential_lead_duplicates()
        if self.env["res.partner"]._is_kept_private():
            for lead in self:
                private = lead.duplicate_lead_ids.filtered("is_private")
                lead.duplicate_lead_ids -= private
                lead.duplicate_lead_count -= len(private)

    @api.model
    def _open_domain(self):
        """The projects that the current user works on, and those that wait for somebody."""
        mine = Domain("user_id", "=", self.env.uid) | self._shared_domain()
        if not self.env["res.partner"]._unowned_is_open():
            return mine
        waiting = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s IS NULL AND %s NOT IN (%s))",
                SQL.identifier(alias, "user_id"),
                SQL.identifier(alias, "id"),
                self._closed_waiting_sql(),
            )
        )
        return mine | waiting

    @api.model
    def _closed_waiting_sql(self):
        """A query for the projects of nobody whose customer is private to others.

        By way of an array, which the database takes for short: it would prepare for a million rows otherwise.
        """
        return SQL(
            """
            SELECT unnest(ARRAY(
                SELECT waiting.id FROM crm_lead waiting JOIN res_partner customer ON customer.id = waiting.partner_id
                 WHERE waiting.user_id IS NULL AND NOT %s
            ))
            """,
            self.env["res.partner"]._open_sql("customer"),
        )
