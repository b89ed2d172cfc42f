from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What the system sets. Of a new ticket a manager may give some of it, to take over those of another system.
TAKEN_OVER = frozenset({"number", "closed_on", "reopened_count", "receipt_on", "deadline_from"})
SET_BY_SYSTEM = TAKEN_OVER | {"is_closed", "commercial_partner_id", "is_deadline_manual"}
# A form says with a new ticket since when it is open, and its deadline counts from then.
LONGEST_FORM = timedelta(days=1)
PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")]


class CrmTicket(models.Model):
    """A complaint of a customer: what it is about, until when something happens, what was decided and what came of it.

    Whoever may see the customer and, where it has one, the project may see it, within the rules of the groups.
    """

    _name = "crm.ticket"
    _description = "Service Ticket"
    _inherit = [
        "portal.mixin",
        "crm.documents.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "crm.access.mixin",
    ]
    _order = "priority desc, date_deadline, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "number"]

    number = fields.Char(required=True, readonly=True, copy=False, index="trigram", default="/")
    name = fields.Char("Subject", required=True, tracking=True)
    description = fields.Html("Complaint", sanitize_style=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", check_company=True, tracking=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer Company",
        compute="_compute_commercial_partner_id",
        store=True,
        index="btree_not_null",
        help="Whose portal users see the ticket.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'child_of', commercial_partner_id)]",
        help="The person at the customer's who complained, and gets the answers.",
    )
    email_from = fields.Char(
        "E-mail",
        index="trigram",
        copy=False,
        help="Of who complained by e-mail. Gets the answers while no customer is set.",
    )
    # A ticket outlives the project that it came up in.
    lead_id = fields.Many2one(
        index="btree_not_null", ondelete="set null", domain="[('partner_id', 'child_of', commercial_partner_id)]"
    )
    team_id = fields.Many2one(
        "crm.team",
        check_company=True,
        index=True,
        domain=[("uses_tickets", "=", True)],
        tracking=True,
        default=lambda self: self._default_team(self.env.company),
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    status_id = fields.Many2one(
        "crm.ticket.status",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        group_expand="_group_expand_status_id",
        default=lambda self: self.env["crm.ticket.status"]._first_open(),
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1", tracking=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    sale_order_id = fields.Many2one(
        "sale.order",
        "Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
        help="That the complaint is about.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('partner_id', 'child_of', commercial_partner_id)]",
        help="That the complaint is about.",
    )
    measure_id = fields.Many2one(
        "crm.choice",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("usage", "=", "ticket_measure")],
        tracking=True,
        copy=False,
    )
    result = fields.Text(help="What came of it. A ticket is not closed without.", tracking=True, copy=False)

    _number_once = models.UniqueIndex("(company_id, number) WHERE number <> '/'", "There is a ticket of this number.")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("partner_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    @api.depends("team_id")
    def _compute_user_id(self):
        """A new ticket is its team leader's, until somebody takes it over."""
        for ticket in self:
            if not ticket.user_id and not ticket._origin.id:
                ticket.user_id = ticket.team_id._ticket_leader(ticket.company_id)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"{ticket.number} {ticket.name}" if ticket.number != "/" else ticket.name

    # ------------------------------------------------------------
    # What fits
    # ------------------------------------------------------------

    @api.constrains("partner_id", "contact_id")
    def _check_contact_of_customer(self):
        """
        :raise ValidationError: the contact is of another customer
        """
        # sudo: compared; the user has chosen both
        for ticket in self.sudo().filtered(lambda ticket: ticket.partner_id and ticket.contact_id):
            if ticket.contact_id.commercial_partner_id != ticket.partner_id.commercial_partner_id:
                ticket._refuse("contact_id", self.env._("the contact is a person of the customer."))

    @api.constrains("measure_id", "team_id", "user_id")
    def _check_choices(self):
        """
        :raise ValidationError: a measure, a team or a responsible that no form offers
        """
        # sudo: compared, not shown
        for ticket in self.sudo():
            if ticket.measure_id and ticket.measure_id.usage != "ticket_measure":
                ticket._refuse("measure_id", self.env._("choose one of the measures of tickets."))
            if ticket.team_id and not ticket.team_id.uses_tickets:
                ticket._refuse("team_id", self.env._("choose a team that works on tickets."))
            if ticket.user_id.share:
                ticket._refuse("user_id", self.env._("choose a colleague, nobody from outside."))

    def _refuse(self, name, rule):
        label = self._fields[name]._description_string(self.env)
        raise ValidationError(
            self.env._("%(field)s of %(ticket)s: %(rule)s", field=label, ticket=self.display_name, rule=rule)
        )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and self.contact_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            self.contact_id = False

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        if self.contact_id and not self.partner_id:
            self.partner_id = self.contact_id.commercial_partner_id

    @api.model
    def _group_expand_status_id(self, statuses, domain):
        return statuses | statuses.search([])

    @api.model
    def _default_team(self, company):
        """The team for a new ticket of the user: one's own, or the first that works on tickets."""
        domain = Domain("uses_tickets", "=", True) & Domain("company_id", "in", [False, company.id])
        teams = self.env["crm.team"].search(domain)
        mine = teams.filtered(lambda team: self.env.user in team.user_id | team.member_ids) if len(teams) > 1 else teams
        return (mine or teams)[:1]

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        """Without a project or customer it is for all whom the rules let see it."""
        of_projects = Domain("lead_id", "=", False) | self._projects_in_sight()
        of_customers = Domain("partner_id", "=", False) | Domain("partner_id", "any", [])
        return of_projects & of_customers

    @api.model
    def _projects_in_sight(self):
        if self.env["crm.lead"].has_access("read"):
            return Domain("lead_id", "any", [])
        # Service works on the tickets of all projects but of those that are kept from everybody.
        return Domain("lead_id", "any!", [("is_hidden", "=", False)])

    def _filter_out_of_reach(self, operation):
        """Those of these tickets whose customer or project the user may not read; to work on them takes no more."""
        # sudo: only to learn which customer and project to ask for, which are then asked as the user
        places = {ticket.id: (ticket.partner_id.id, ticket.lead_id.id) for ticket in self.sudo()}
        partners = self._partners_within_reach({partner for partner, _lead in places.values() if partner})
        leads = self._projects_within_reach({lead for _partner, lead in places.values() if lead})
        return self.browse(
            ticket
            for ticket, (partner, lead) in places.items()
            if (partner and partner not in partners) or (lead and lead not in leads)
        )

    @api.model
    def _partners_within_reach(self, ids):
        return set(self.env["res.partner"].browse(ids)._filtered_access("read")._ids)

    @api.model
    def _projects_within_reach(self, ids):
        leads = self.env["crm.lead"].browse(ids)
        if not ids or leads.has_access("read"):
            return set(ids)
        if self.env["crm.lead"].has_access("read"):
            return set(leads._filtered_access("read")._ids)
        return set(ids) - leads._hidden_ids(ids)

    def _without_set_by_system(self, vals):
        """Values without what the system sets, where they say nothing new, as those of forms and imports do.

        :param dict vals: of a new ticket, or of these
        :return: a new dict
        :raise UserError: a number, or when it was closed, is not set by hand
        """
        if self.env.su:
            return vals
        given = vals.keys() & SET_BY_SYSTEM
        kept = set() if self else {name for name in given if self._is_for_new(name, vals[name])}
        if names := sorted(name for name in given - kept if not self._says_nothing_new(name, vals[name])):
            labels = [self._fields[name]._description_string(self.env) for name in names]
            raise UserError(self.env._("%(fields)s of a ticket cannot be set by hand.", fields=", ".join(labels)))
        return {name: value for name, value in vals.items() if name not in given or name in kept}

    @api.model
    def _is_for_new(self, name, value):
        """Whether a new ticket may be given it by the user."""
        if not value or name not in TAKEN_OVER or (name == "number" and value == "/"):
            return False
        if name == "deadline_from":
            now = fields.Datetime.now()
            if now - LONGEST_FORM <= fields.Datetime.to_datetime(value) <= now + timedelta(minutes=1):
                return True
        return self.env.user.has_group("crm_serviceticket.group_ticket_manager")

    def _says_nothing_new(self, name, value):
        if not self:
            return not value or (name == "number" and value == "/")
        field = self._fields[name]
        return all(
            ticket[name] == field.convert_to_record(field.convert_to_cache(value, ticket), ticket) for ticket in self
        )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """What the system sets begins with what the system says, whatever a context or a user's defaults say."""
        values = super().default_get(fields)
        if not self.env.su:
            for name in values.keys() & SET_BY_SYSTEM:
                default = self._fields[name].default
                values[name] = default(self) if default else False
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Make tickets, each with the next number of its company.

        :raise UserError: something would be set that the system sets
        """
        vals_list = self._with_defaults([self._without_set_by_system(vals) for vals in vals_list])
        self._fill_in_numbers(vals_list)
        tickets = super().create(vals_list)
        if not self.env.su:
            # Odoo asks only whether tickets may be made: the customer and the project must be in reach as well.
            tickets.check_access("write")
            tickets._check_contact_in_reach()
        return tickets

    def write(self, vals):
        """Change tickets.

        :raise UserError: something would be set that the system sets
        :raise AccessError: to a customer, a project or a company that the user may not see
        """
        vals = self._without_set_by_system(vals)
        if vals.get("partner_id") and "contact_id" not in vals:
            self._drop_contact_of_others(self.env["res.partner"].browse(vals["partner_id"]))
        res = super().write(vals)
        if vals.keys() & {"partner_id", "contact_id", "company_id"} and not self.env.su:
            # Odoo checks before writing: the customer that it is moved to must be in reach as well.
            self.check_access("write")
            self._check_contact_in_reach()
        return res

    def _drop_contact_of_others(self, customer):
        """Who gets the answers is of the customer: of another one, nobody is until somebody is chosen."""
        # sudo: compared, not shown
        company = customer.sudo().commercial_partner_id
        others = self.filtered(lambda ticket: ticket.sudo().contact_id.commercial_partner_id - company)
        if others:
            others.write({"contact_id": False})

    def _check_contact_in_reach(self):
        """
        :raise AccessError: the person that gets the answers is one that the user may not see
        """
        # sudo: only to learn whom to ask for, who is then asked for as the user
        if contacts := self.sudo().contact_id.ids:
            self.env["res.partner"].browse(contacts).check_access("read")

    @api.model
    def _with_defaults(self, vals_list):
        """Status, team and responsible in the values: once for many tickets, and where Odoo finds whom to tell of them.

        :return: a new list of values
        """
        status = self.env["crm.ticket.status"]._first_open()
        teams = {}
        filled = []
        for given in vals_list:
            vals = {"status_id": status.id} | self._context_defaults() | given
            company = self.env["res.company"].browse(vals.get("company_id") or ()) or self.env.company
            if "team_id" not in vals:
                if company not in teams:
                    teams[company] = self._default_team(company)
                vals["team_id"] = teams[company].id
            if "user_id" not in vals:
                vals["user_id"] = self.env["crm.team"].browse(vals["team_id"] or ())._ticket_leader(company).id
            filled.append(vals)
        return filled

    @api.model
    def _context_defaults(self):
        names = ("status_id", "team_id", "user_id", "company_id")
        return {name: value for name in names if (value := self.env.context.get(f"default_{name}")) is not None}
