from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.flags import asked_for

UNOWNED_PARAMETER = "crm_salesboard.unowned_customers"
# Deeper than any group of companies; ends the search where imported data goes round in circles.
MAX_DEPTH = 20


class ResPartner(models.Model):
    """Customers that are seen by their owner only, while "Private Customers" is on in the settings.

    The record rules in ``security/private_customers_security.xml`` do the work, on ``is_private``; they are inactive
    while the switch is off. A partner is open to whoever owns it, works on one of its projects, or sold to it, with the
    companies above it and everybody below it. Both questions, "which ones?" of a search and "these?" of a check, are
    asked of the same tables, see ``_private_customers_sql``.
    """

    _inherit = "res.partner"

    is_private = fields.Boolean(
        "Private to Others",
        compute="_compute_is_private",
        search="_search_is_private",
        compute_sudo=True,
        exportable=False,
    )

    # All that a search looks up of partners is in these; no row of a customer is read for it.
    _private_owner_index = models.Index("(user_id, id) WHERE user_id IS NOT NULL")
    _private_parent_index = models.Index("(id, parent_id) WHERE parent_id IS NOT NULL")
    _private_child_index = models.Index("(parent_id, id) WHERE parent_id IS NOT NULL")
    _private_unowned_index = models.Index("(parent_id, id) WHERE parent_id IS NOT NULL AND user_id IS NULL")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("user_id", "parent_id", "partner_share")
    @api.depends_context("uid")
    def _compute_is_private(self):
        # One's own customers and colleagues cost no query.
        asked = self.filtered(lambda partner: partner._origin.id and partner.partner_share)
        asked = asked.filtered(lambda partner: partner.user_id.id != self.env.uid)
        open_ids = self._open_ids(asked._origin.ids)
        for partner in self:
            partner.is_private = partner in asked and partner._origin.id not in open_ids

    def _search_is_private(self, operator, value):
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        return Domain.OR(~self._open_domain() if private else self._open_domain() for private in asked)

    @api.depends("parent_id")
    def _compute_user_id(self):
        """Whoever makes a customer that others must not see is its owner, or would not see it either."""
        super()._compute_user_id()
        if self._is_kept_private():
            new = self.filtered(lambda partner: not (partner._origin.id or partner.user_id or partner.parent_id))
            new.user_id = self.env.uid

    # ------------------------------------------------------------
    # Who sees whom
    # ------------------------------------------------------------

    @api.model
    def _is_kept_private(self):
        """Whether the current user sees but the own customers, by the rules in force. Costs no query.

        :return: bool
        """
        rules = self.env["ir.rule"].sudo(False)._compute_domain("res.partner")
        return any(condition.field_expr == "is_private" for condition in rules.iter_conditions())

    @api.model
    def _unowned_is_open(self):
        """Whether everybody sees the customers and projects that nobody owns: the second choice in the settings."""
        # sudo: a setting of the database that holds for everybody
        return self.env["ir.config_parameter"].sudo().get_param(UNOWNED_PARAMETER, "everybody") == "everybody"

    @api.model
    def _open_domain(self):
        """The partners that the current user may see.

        One uncorrelated sub-query, so that the database makes the list once and goes by the primary key from there.
        """
        return Domain.custom(to_sql=lambda model, alias, query: self._open_sql(alias))

    @api.model
    def _open_sql(self, alias):
        """The condition that a partner is in sight of the current user."""
        self._flush_private()
        mine = SQL("%s IN (%s)", SQL.identifier(alias, "id"), self._mine_sql())
        return SQL("(%s OR %s)", self._unowned_sql(alias), mine) if self._unowned_is_open() else mine

    @api.model
    def _private_customers_sql(self):
        """Whose family the current user sees: queries of one column ``id``, of which all or some rows are asked.

        To be extended by addons with further documents that have an owner and a customer.
        """
        user, shared = self.env.uid, self.env["crm.lead"]._shared_ids_sql()
        return [
            SQL("SELECT id FROM res_partner WHERE user_id = %s", user),
            SQL("SELECT partner_id AS id FROM crm_lead WHERE user_id = %s AND partner_id IS NOT NULL", user),
            SQL("SELECT partner_id AS id FROM crm_lead WHERE id = ANY(%s) AND partner_id IS NOT NULL", shared),
            SQL(
                "SELECT contact.partner_id AS id FROM crm_lead_contact contact JOIN crm_lead lead"
                " ON lead.id = contact.lead_id WHERE lead.user_id = %s AND contact.partner_id IS NOT NULL",
                user,
            ),
            SQL(
                "SELECT partner_id AS id FROM crm_lead_contact WHERE lead_id = ANY(%s) AND partner_id IS NOT NULL",
                shared,
            ),
            SQL("SELECT partner_id AS id FROM sale_order WHERE user_id = %s", user),
            SQL("SELECT partner_invoice_id AS id FROM sale_order WHERE user_id = %s", user),
            SQL("SELECT partner_shipping_id AS id FROM sale_order WHERE user_id = %s", user),
            SQL("SELECT partner_id AS id FROM account_move WHERE invoice_user_id = %s", user),
            SQL("SELECT partner_shipping_id AS id FROM account_move WHERE invoice_user_id = %s", user),
            SQL("SELECT partner_id AS id FROM res_company"),
        ]

    @api.model
    def _private_people_sql(self):
        """Whom the current user sees by themselves: colleagues, and who attends the same meetings."""
        me = self.env.user.partner_id.id
        return [
            SQL("SELECT partner_id AS id FROM res_users WHERE share IS NOT TRUE"),
            SQL("SELECT partner_id AS id FROM res_users WHERE id = %s", self.env.uid),
            SQL(
                "SELECT other.res_partner_id AS id FROM calendar_event_res_partner_rel mine"
                " JOIN calendar_event_res_partner_rel other USING (calendar_event_id) WHERE mine.res_partner_id = %s",
                me,
            ),
            SQL(
                "SELECT attends.res_partner_id AS id FROM calendar_event event JOIN calendar_event_res_partner_rel"
                " attends ON attends.calendar_event_id = event.id WHERE event.user_id = %s",
                self.env.uid,
            ),
        ]

    @api.model
    def _mine_sql(self):
        """A query for all partners that are open to the current user, whatever the second choice.

        Level by level in arrays: the database expects few rows of them, and looks the next level up by index.
        """
        return SQL(
            """
            WITH RECURSIVE customers(ids) AS MATERIALIZED (
                SELECT ARRAY(SELECT id FROM (%(customers)s) customer WHERE id IS NOT NULL)
            ),
            below(depth, ids) AS (
                SELECT 0, ids FROM customers
                UNION ALL
                SELECT depth + 1, ARRAY(SELECT id FROM res_partner WHERE parent_id = ANY(below.ids))
                  FROM below WHERE cardinality(ids) > 0 AND depth < %(max)s
            ),
            above(depth, ids) AS (
                SELECT 0, ids FROM customers
                UNION ALL
                SELECT depth + 1, ARRAY(
                        SELECT parent_id FROM res_partner WHERE id = ANY(above.ids) AND parent_id IS NOT NULL
                    )
                  FROM above WHERE cardinality(ids) > 0 AND depth < %(max)s
            )
            SELECT unnest(ids) FROM below
            UNION ALL
            SELECT unnest(ids) FROM above WHERE depth > 0
            UNION ALL
            SELECT id FROM (%(people)s) people WHERE id IS NOT NULL
            """,
            customers=SQL(" UNION ").join(self._private_customers_sql()),
            people=SQL(" UNION ALL ").join(self._private_people_sql()),
            max=MAX_DEPTH,
        )

    @api.model
    def _unowned_sql(self, alias):
        """The condition that nobody owns a partner, nor a company above it."""
        return SQL(
            """
            (%(user)s IS NULL AND (%(parent)s IS NULL OR %(id)s NOT IN (
                WITH RECURSIVE owned(depth, ids) AS (
                    SELECT 0, ARRAY(
                        SELECT child.id FROM res_partner child
                          JOIN res_partner parent ON parent.id = child.parent_id AND parent.user_id IS NOT NULL
                         WHERE child.parent_id IS NOT NULL AND child.user_id IS NULL
                    )
                    UNION ALL
                    SELECT depth + 1, ARRAY(
                        SELECT id FROM res_partner WHERE parent_id = ANY(owned.ids) AND user_id IS NULL
                    )
                    FROM owned WHERE cardinality(ids) > 0 AND depth < %(max)s
                )
                SELECT unnest(ids) FROM owned
            )))
            """,
            user=SQL.identifier(alias, "user_id"),
            parent=SQL.identifier(alias, "parent_id"),
            id=SQL.identifier(alias, "id"),
            max=MAX_DEPTH,
        )

    @api.model
    def _open_ids(self, partner_ids):
        """Those of some partners that the current user may see: from them to the owners, not the other way round.

        :param partner_ids: ids of ``res.partner``
        :return: a set of ids
        """
        if not partner_ids:
            return set()
        self._flush_private()
        query = self._open_among_sql(list(partner_ids))
        return {partner_id for (partner_id,) in self.env.execute_query(query)}

    @api.model
    def _open_among_sql(self, partner_ids):
        return SQL(
            """
            WITH RECURSIVE above(asked, id, parent_id, user_id, depth) AS (
                SELECT id, id, parent_id, user_id, 0 FROM res_partner WHERE id = ANY(%(ids)s)
                UNION ALL
                SELECT asked, partner.id, partner.parent_id, partner.user_id, depth + 1
                  FROM above JOIN res_partner partner ON partner.id = above.parent_id WHERE depth < %(max)s
            ),
            below(asked, id, depth) AS (
                SELECT id, id, 0 FROM above WHERE depth = 0
                UNION ALL
                SELECT asked, partner.id, depth + 1
                  FROM below JOIN res_partner partner ON partner.parent_id = below.id WHERE depth < %(max)s
            ),
            family(asked, id) AS (SELECT asked, id FROM above UNION SELECT asked, id FROM below)
            SELECT asked FROM family
              JOIN LATERAL (SELECT FROM (%(customers)s) customer WHERE customer.id = family.id LIMIT 1) found ON TRUE
            UNION
            SELECT asked FROM above
              JOIN LATERAL (SELECT FROM (%(people)s) people WHERE people.id = above.id LIMIT 1) found ON TRUE
             WHERE depth = 0
            UNION
            SELECT asked FROM above WHERE %(unowned)s GROUP BY asked HAVING NOT bool_or(user_id IS NOT NULL)
            """,
            ids=partner_ids,
            max=MAX_DEPTH,
            customers=SQL(" UNION ALL ").join(self._private_customers_sql()),
            people=SQL(" UNION ALL ").join(self._private_people_sql()),
            unowned=self._unowned_is_open(),
        )

    @api.model
    def _flush_private(self):
        for model, names in (
            ("res.partner", ["user_id", "parent_id"]),
            ("crm.lead", ["user_id", "partner_id"]),
            ("crm.lead.contact", ["lead_id", "partner_id"]),
            ("sale.order", ["user_id", "partner_id", "partner_invoice_id", "partner_shipping_id"]),
            ("account.move", ["invoice_user_id", "partner_id", "partner_shipping_id"]),
            ("calendar.event", ["user_id", "partner_ids"]),
            ("res.users", ["partner_id", "share"]),
        ):
            self.env[model].flush_model(names)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # Where nobody sees what nobody owns, leaving the owner empty is no choice.
        if not self._unowned_is_open() and self._is_kept_private():
            vals_list = [
                {name: value for name, value in vals.items() if value or name != "user_id"} for vals in vals_list
            ]
        return super().create(vals_list)

    def web_save(self, vals, specification, next_id=None):
        """Save a form.

        :raise UserError: the customer was given to somebody else, and the user would not see it any more
        """
        try:
            return super().web_save(vals, specification, next_id=next_id)
        except AccessError as error:
            if vals.get("user_id") in (None, False, self.env.uid) or not self._is_kept_private():
                raise
            raise UserError(
                self.env._("You would not see this customer any more. Ask your sales manager to hand it over.")
            ) from error
