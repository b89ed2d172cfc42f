from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.flags import asked_for

ACCESS_FIELDS = frozenset({"is_restricted", "access_group_ids", "linked_user_ids"})
ADDING = (Command.CREATE, Command.UPDATE, Command.LINK)


class CrmLead(models.Model):
    """Who may see a project: colleagues linked to it as well and, once it is restricted, nobody else.

    The record rules do the work, on ``is_shared_with_me`` (grants) and ``is_hidden`` (denies, for everybody but the
    superuser). Both are asked of the database in the query that the rule is part of. What hangs on a project has rules
    of its own on ``is_hidden``, see ``crm.lead.hidden.mixin`` and the security folder.
    """

    _inherit = "crm.lead"

    linked_user_ids = fields.One2many("crm.lead.user", "lead_id", "Linked Users")
    linked_user_count = fields.Integer(compute="_compute_linked_user_count")
    is_restricted = fields.Boolean(
        "Restricted",
        tracking=True,
        help="Only the owner, the linked users and the members of the user groups see the project, and what belongs "
        "to it. Nobody else, managers included, finds it.",
    )
    access_group_ids = fields.Many2many(
        "res.groups",
        "crm_lead_res_groups_rel",
        "lead_id",
        "group_id",
        "User Groups with Access",
        help="The members of these groups may see and change the project while it is restricted.",
    )
    is_hidden = fields.Boolean(
        "Hidden from Me", compute="_compute_is_hidden", search="_search_is_hidden", compute_sudo=True, exportable=False
    )
    is_shared_with_me = fields.Boolean(
        "Shared with Me",
        compute="_compute_is_shared_with_me",
        search="_search_is_shared_with_me",
        compute_sudo=True,
        exportable=False,
    )

    _restricted_index = models.Index("(id) WHERE is_restricted IS TRUE")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("linked_user_ids")
    def _compute_linked_user_count(self):
        counts = dict(self.env["crm.lead.user"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            # While the form is edited its lines count, saved or not.
            lead.linked_user_count = counts.get(lead, 0) if lead._origin == lead else len(lead.linked_user_ids)

    @api.depends("is_restricted", "user_id", "linked_user_ids.user_id", "access_group_ids")
    @api.depends_context("uid")
    def _compute_is_hidden(self):
        restricted = self.filtered(lambda lead: lead.is_restricted and lead._origin.id)
        hidden = self._hidden_ids(restricted._origin.ids)
        for lead in self:
            lead.is_hidden = lead._origin.id in hidden

    def _search_is_hidden(self, operator, value):
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        return Domain.OR(self._hidden_domain() if hidden else self._visible_domain() for hidden in asked)

    @api.depends("is_restricted", "user_id", "linked_user_ids.user_id", "access_group_ids")
    @api.depends_context("uid")
    def _compute_is_shared_with_me(self):
        # One's own projects and those of nobody need no sharing: nothing is asked for them.
        others = self.filtered(lambda lead: lead.user_id and lead.user_id.id != self.env.uid)
        shared = set()
        if others._origin.ids:
            domain = Domain("id", "in", others._origin.ids) & Domain("is_shared_with_me", "=", True)
            shared = set(others._origin.with_context(active_test=False)._search(domain))
        for lead in self:
            lead.is_shared_with_me = lead._origin.id in shared

    def _search_is_shared_with_me(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._shared_domain()

    @api.model
    def _shared_domain(self):
        """The projects that a link or, while they are restricted, a group opens to the current user."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = ANY(%s)", SQL.identifier(alias, "id"), self._shared_ids_sql())
        )

    @api.model
    def _hidden_domain(self):
        """The projects that are hidden from the current user, whatever the record rules say otherwise.

        In this order the database looks at nothing but the flag of projects that are not restricted.
        """
        if self.env.uid == SUPERUSER_ID:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s IS TRUE AND %s IS DISTINCT FROM %s AND NOT %s = ANY(%s))",
                model._field_to_sql(alias, "is_restricted", query),
                model._field_to_sql(alias, "user_id", query),
                self.env.uid,
                SQL.identifier(alias, "id"),
                self._shared_ids_sql(),
            )
        )

    @api.model
    def _visible_domain(self):
        """All others. Not the negation: NOT of the whole would be asked of every project."""
        if self.env.uid == SUPERUSER_ID:
            return Domain.TRUE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s IS NOT TRUE OR %s = %s OR %s = ANY(%s))",
                model._field_to_sql(alias, "is_restricted", query),
                model._field_to_sql(alias, "user_id", query),
                self.env.uid,
                SQL.identifier(alias, "id"),
                self._shared_ids_sql(),
            )
        )

    @api.model
    def _shared_ids_sql(self):
        """An array that the database makes once per query, and looks up by index."""
        self.env["crm.lead.user"].flush_model(["user_id", "lead_id"])
        self.flush_model(["access_group_ids", "is_restricted"])
        return SQL(
            """
            ARRAY(
                SELECT lead_id FROM crm_lead_user WHERE user_id = %(user)s
                UNION ALL
                SELECT lead.id FROM crm_lead lead
                  JOIN crm_lead_res_groups_rel rel ON rel.lead_id = lead.id AND rel.group_id = ANY(%(groups)s)
                 WHERE lead.is_restricted IS TRUE
            )
            """,
            user=self.env.uid,
            groups=list(self.env.user._get_group_ids()),
        )

    @api.model
    def _hidden_ids(self, lead_ids):
        """Those of the projects that are hidden from the current user, by one query more than to read them.

        :param lead_ids: ids of ``crm.lead``, also of projects that are gone
        :return: a set of ids
        """
        # sudo: asks about the rights themselves, and returns nothing but ids
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        at_hand = self._fields["is_restricted"]._get_cache(self.env)
        # Along with all that the caller is about to read, so that open projects cost no query of their own.
        leads.browse(lead_id for lead_id in lead_ids if lead_id and lead_id not in at_hand).fetch()
        lead_ids = [lead_id for lead_id in lead_ids if lead_id and at_hand.get(lead_id)]
        if not lead_ids or self.env.uid == SUPERUSER_ID:
            return set()
        return set(leads._search(Domain("id", "in", lead_ids) & self._hidden_domain()))

    @api.depends("is_hidden")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Never name a project to whom it is hidden from, also where a record in sight points at it."""
        hidden = self.filtered("is_hidden")
        hidden.display_name = self.env._("Restricted project")
        return super(CrmLead, self - hidden)._compute_display_name()

    @api.depends_context("uid")
    def _compute_potential_lead_duplicates(self):
        super()._compute_potential_lead_duplicates()
        for lead in self:
            if hidden := lead.duplicate_lead_ids.filtered("is_hidden"):
                lead.duplicate_lead_ids -= hidden
                lead.duplicate_lead_count -= len(hidden)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        restricted = [bool(vals.get("is_restricted")) for vals in vals_list]
        if not any(restricted):
            return super().create(vals_list)
        # Restricted once it is there: whoever makes it for a colleague is linked by that.
        leads = super().create([{**vals, "is_restricted": False} for vals in vals_list])
        for lead, is_restricted in zip(leads, restricted, strict=True):
            if is_restricted:
                lead.is_restricted = True
        return leads

    def write(self, vals):
        """Write, and keep the access to restricted projects in order.

        Links are added first and removed last, so that one call may hand a project over. Whoever writes stays linked
        where the project would be hidden from him otherwise.

        :raise UserError: the last one with access would lose it, or the current user by a line of the form
        """
        if not self._changes_access(vals):
            return super().write(vals)
        self.check_access("write")
        vals = dict(vals)
        links = vals.pop("linked_user_ids", ())
        adding = [command for command in links if command[0] in ADDING]
        removing = [command for command in links if command[0] not in ADDING]
        if adding:
            super().write({"linked_user_ids": adding})
        if vals:
            super().write(vals)
            self._keep_access()
        if removing:
            super().write({"linked_user_ids": removing})
            self._check_own_access()
        self._on_access_change()
        return True

    def _changes_access(self, vals):
        if vals.keys() & ACCESS_FIELDS:
            return True
        # sudo: only whether; the rights are checked when it is written
        return "user_id" in vals and any(lead.is_restricted for lead in self.sudo())

    def _keep_access(self):
        if self.env.user.share:
            return
        # sudo: the current user could write the projects up to now, and keeps that
        lines = self.env["crm.lead.user"].sudo()
        lines.create([{"lead_id": lead_id, "user_id": self.env.uid} for lead_id in self._hidden_ids(self.ids)])

    def _check_own_access(self):
        if self._hidden_ids(self.ids):
            raise UserError(self.env._("You would lose your own access to the project. Press Leave to do that."))

    def action_leave(self):
        """Give up one's own link to projects.

        :return: an action that leads away from them, to the app's first page
        :raise UserError: nobody would be left who may see a restricted project
        """
        self.check_access("read")
        # sudo: one's own link may always be given up
        self.sudo().linked_user_ids.filtered(lambda line: line.user_id == self.env.user).unlink()
        return self.env["crm.lead"].action_open_crm()

    # ------------------------------------------------------------
    # When the access changes
    # ------------------------------------------------------------

    def _on_access_change(self):
        """Do what follows from who may see restricted projects now.

        :raise UserError: nobody would be left
        """
        for model in self.env.registry["crm.lead.hidden.mixin"]._inherit_children:
            self.env[model].invalidate_model(["is_hidden"], flush=False)
        # sudo: the current user may just have given up the own access
        restricted = self.sudo().exists().filtered("is_restricted")
        if not restricted:
            return
        # Of two who leave at the same moment the second starts anew, and is told that nobody would be left.
        self.env.cr.execute(SQL("UPDATE crm_lead SET write_uid = write_uid WHERE id IN %s", restricted._ids))
        for lead in restricted:
            users = lead._users_with_access()
            if not any(user.active and user._has_group("sales_team.group_sale_salesman") for user in users):
                raise UserError(
                    self.env._(
                        "Nobody who works with the CRM would be left with access to %(project)s. Give it an owner, "
                        "link a user or choose a user group first.",
                        project=lead.name,
                    )
                )
            lead._silence(users)

    def _users_with_access(self):
        """Whom a restricted project is open to; what they may do with it is up to their rights for the CRM."""
        self.ensure_one()
        # sudo: who has access does not depend on who asks
        lead = self.sudo()
        return lead.user_id | lead.linked_user_ids.user_id | lead.access_group_ids.all_user_ids

    def _users_without_access(self, users):
        """Those of internal users who would not see what hangs on the project.

        :param users: ``res.users``
        :return: ``res.users``
        """
        self.ensure_one()
        if not self.sudo().is_restricted:  # sudo: as above
            return users.browse()
        return users.filtered(lambda user: not user.share) - self._users_with_access()

    def _silence(self, allowed):
        """Take everybody else off the project: as follower, from their inbox, and by public links."""
        outsiders = self.message_partner_ids.filtered(lambda partner: not partner.partner_share) - allowed.partner_id
        if outsiders:
            self.message_unsubscribe(outsiders.ids)
        self.env["mail.notification"].search(
            [
                ("is_read", "=", False),
                ("mail_message_id", "in", self.message_ids.ids),
                ("res_partner_id", "not in", allowed.partner_id.ids),
                ("res_partner_id.partner_share", "=", False),
            ]
        ).write({"is_read": True})
        self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("public", "=", True)]
        ).public = False
        self.order_ids.filtered(lambda order: order.origin == self.name).origin = False

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell nobody of a restricted project who may not see it; customers get what is sent to them."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        users = self.env["res.users"].browse([data["uid"] for data in recipients if data["type"] == "user"])
        # sudo: whom a message goes to does not depend on who sends it
        if len(self) != 1 or not users or not self.sudo().is_restricted:
            return recipients
        without = self._users_without_access(users.sudo())
        return [data for data in recipients if data["uid"] not in without.ids]

    # ------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------

    def _prepare_opportunity_quotation_context(self):
        context = super()._prepare_opportunity_quotation_context()
        if self.is_restricted:
            # The order is seen by people who do not see the project.
            context["default_origin"] = False
        return context

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """What was restricted stays it, for those who saw one of the projects."""
        return {
            **super()._merge_get_fields_specific(),
            "is_restricted": lambda fname, leads: any(leads.mapped(fname)),
            "access_group_ids": lambda fname, leads: [Command.set(leads.access_group_ids.ids)],
        }

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.lead.user", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        lines = self.env["crm.lead.user"].browse(found["crm.lead.user", "lead_id"])
        firsts = lines.browse().union(*(of_user[0] for of_user in lines.grouped("user_id").values()))
        firsts.filtered(lambda line: line.lead_id != self).lead_id = self
