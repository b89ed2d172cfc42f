from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class ResPartner(models.Model):
    """The notes on a customer, and the latest status that they give it."""

    _inherit = "res.partner"

    commercial_note_ids = fields.One2many(
        "crm.note", "commercial_partner_id", "Notes of the Company", exportable=False, copy=False
    )
    note_status_id = fields.Many2one(
        "crm.note.status",
        "Sales Status",
        compute="_compute_note_status_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        ondelete="set null",
        help="The latest status of the customer that a note has. Notes on restricted projects do not count.",
    )
    commercial_note_status_id = fields.Many2one(
        "crm.note.status", "Status of the Customer", related="commercial_partner_id.note_status_id", exportable=False
    )
    note_count = fields.Integer("Number of Notes", compute="_compute_note_count")

    def _auto_init(self):
        # Made before the ORM would, which fills it customer by customer, and there are no notes yet.
        if not column_exists(self.env.cr, self._table, "note_status_id"):
            create_column(self.env.cr, self._table, "note_status_id", "int4")
        return super()._auto_init()

    @api.depends(
        "commercial_note_ids.sales_status_id.is_sales_status",
        "commercial_note_ids.sales_status_date",
        "commercial_note_ids.lead_id.is_restricted",
    )
    def _compute_note_status_id(self):
        statuses = self._fetch_note_statuses()
        for partner in self:
            partner.note_status_id = statuses.get(partner._origin.id, False)

    def _fetch_note_statuses(self):
        """The latest sales status of each customer, by one query.

        :return: ``{res.partner id: crm.note.status id}``
        """
        if not self._origin.ids:
            return {}
        self.env["crm.note"].flush_model(["commercial_partner_id", "sales_status_id", "sales_status_date", "lead_id"])
        self.env["crm.note.status"].flush_model(["is_sales_status"])
        self.env["crm.lead"].flush_model(["is_restricted"])
        query = SQL(
            """
            SELECT DISTINCT ON (note.commercial_partner_id) note.commercial_partner_id, note.sales_status_id
              FROM crm_note note
              JOIN crm_note_status status ON status.id = note.sales_status_id AND status.is_sales_status
              LEFT JOIN crm_lead lead ON lead.id = note.lead_id
             WHERE note.commercial_partner_id = ANY(%s) AND lead.is_restricted IS NOT TRUE
             ORDER BY note.commercial_partner_id, note.sales_status_date DESC NULLS LAST, note.id DESC
            """,
            self._origin.ids,
        )
        return dict(self.env.execute_query(query))

    @api.depends("commercial_note_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_note_count(self):
        """Of a company all notes, its contact persons' too; of a contact person those on them."""
        counts = Counter()
        partners = self._origin
        domain = Domain("partner_id", "in", partners.ids) | Domain("commercial_partner_id", "in", partners.ids)
        for commercial, partner, count in self.env["crm.note"]._read_group(
            domain, ["commercial_partner_id", "partner_id"], ["__count"]
        ):
            for counted in {commercial.id, partner.id}:
                counts[counted] += count
        for partner in self:
            partner.note_count = counts[partner._origin.id]

    @api.ondelete(at_uninstall=False)
    def _unlink_notes(self):
        """Notes on a contact person who goes stay with the company, or the customer of their project.

        The others go, with what was to be done and what is attached: deleted by the database, they would leave both.
        """
        # sudo: as for messages, what hangs on a contact person follows it, whoever may change that
        notes = self.env["crm.note"].sudo().search([("partner_id", "in", self.ids)])
        for heir, inherited in notes.grouped(self._note_heir).items():
            if heir:
                inherited._taken_along().partner_id = heir
            else:
                activities = inherited.activity_id
                inherited.unlink()
                activities.exists().unlink()

    def _note_heir(self, note):
        """With whom a note stays when these partners go: the next one above, else the customer of its project."""
        heir = note.partner_id
        while heir and heir in self:
            heir = heir.parent_id
        return heir or note.lead_id.partner_id - self

    def action_view_notes(self):
        """Open the notes on the customer and its contact persons.

        :return: the action, with what to fill in for a new note
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_note_action")
        return {
            **action,
            "domain": ["|", ("partner_id", "=", self.id), ("commercial_partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
