import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CLOSED_STATUSES = ("won", "lost", "cancelled")
# What counts as working on a project: changes that a salesperson makes, not those of jobs and scoring.
TOUCHING_FIELDS = frozenset(
    {"name", "partner_id", "user_id", "stage_id", "expected_revenue", "date_deadline", "description", "type", "active"}
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    stage_id = fields.Many2one(
        domain="[('process_id', '=', process_id), '|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]"
    )
    won_status = fields.Selection(selection_add=[("cancelled", "Cancelled")], ondelete={"cancelled": "set lost"})
    process_id = fields.Many2one(related="team_id.process_id", string="CRM Process")
    board_column_id = fields.Many2one(
        "crm.process.column",
        compute="_compute_board_column_id",
        store=True,
        readonly=False,
        copy=False,
        ondelete="set null",
        group_expand="_read_group_board_column_ids",
        domain="[('process_id', '=', process_id)]",
        help="Where the project stands on the Sales Board: its status, or its outcome once closed.",
    )
    board_kind = fields.Selection(
        lambda self: self.env["crm.process.column"]._fields["kind"].selection,
        "Board Section",
        compute="_compute_board_kind",
        search="_search_board_kind",
    )
    board_date = fields.Date(
        compute="_compute_board_date",
        store=True,
        help="The closing date once closed; the expected closing date while open, of unprocessed leads without one the "
        "day they came in. Decides which period a project belongs to.",
    )
    actual_revenue = fields.Monetary(
        "Actual Value",
        currency_field="company_currency",
        compute="_compute_actual_revenue",
        store=True,
        readonly=False,
        inverse="_inverse_actual_revenue",
        copy=False,
        tracking=True,
        help="What the project brought: the untaxed total of its confirmed orders or, without orders, the projected "
        "value. Another value, once written, stays until the confirmed orders change.",
    )
    # The total that the actual value was last taken from, empty while the project is not won.
    order_basis = fields.Char(
        compute="_compute_actual_revenue", store=True, copy=False, export_string_translation=False
    )
    is_cancelled = fields.Boolean("Cancelled", copy=False)
    cancel_reason_id = fields.Many2one(
        "crm.lost.reason",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        tracking=True,
        domain="[('outcome', '=', 'cancelled')]",
    )
    lost_reason_id = fields.Many2one(domain="[('outcome', '=', 'lost')]")
    native_stage_id = fields.Many2one(
        "crm.stage", "Stage before the Process", copy=False, ondelete="set null", export_string_translation=False
    )
    date_last_touch = fields.Datetime(
        "Last Touch",
        copy=False,
        readonly=True,
        default=fields.Datetime.now,
        help="When somebody last worked on the project: a message, an activity done, or a change of its data.",
    )
    move_ids = fields.One2many("crm.lead.move", "lead_id", "Moves", groups="sales_team.group_sale_manager")

    # The sums of an owner or a period are read from an index alone, without the projects themselves, and so are the
    # first cards of a column, of everybody or of one owner, in the order in which the board shows them.
    _salesboard_owner_index = models.Index(
        "(user_id, board_date) "
        "INCLUDE (board_column_id, company_id, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE board_column_id IS NOT NULL"
    )
    _salesboard_date_index = models.Index(
        "(board_date) INCLUDE "
        "(board_column_id, user_id, company_id, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE board_column_id IS NOT NULL"
    )
    _salesboard_column_index = models.Index(
        "(board_column_id, priority DESC, board_date, id DESC) INCLUDE (user_id, company_id, is_restricted) "
        "WHERE board_column_id IS NOT NULL"
    )
    _salesboard_owner_column_index = models.Index(
        "(user_id, board_column_id, priority DESC, board_date, id DESC) INCLUDE (company_id, is_restricted) "
        "WHERE board_column_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("team_id", "type")
    def _compute_stage_id(self):
        """A project follows its team: to the matching status of that team's process."""
        for team, leads in self.grouped("team_id").items():
            process = team.process_id
            foreign = leads.filtered(lambda lead, process=process: lead.stage_id.process_id != process)
            for stage, same in foreign.grouped("stage_id").items():
                if process:
                    same.stage_id = process._matching_stage(stage) or process._first_status()
                else:
                    same.stage_id = team._default_switch_target(process, stage)
        return super()._compute_stage_id()

    @api.depends("is_cancelled")
    def _compute_won_status(self):
        super()._compute_won_status()
        self.filtered(lambda lead: lead.is_cancelled and not lead.active).won_status = "cancelled"

    @api.depends("team_id", "stage_id", "type", "active", "won_status")
    def _compute_board_column_id(self):
        processes = self.stage_id.process_id | self.team_id.process_id
        columns = {
            (column.process_id, column.kind, column.stage_id): column
            # sudo: which column a project is in does not depend on who saves it
            for column in self.env["crm.process.column"].sudo().search([("process_id", "in", processes.ids)])
        }
        for lead in self:
            process = lead.team_id.process_id
            # Without a process nothing else is read: scoring is costly, and native code does it for many at a time.
            lead.board_column_id = columns.get((process, *lead._board_place())) if process else False

    @api.depends("board_column_id")
    def _compute_board_kind(self):
        for lead in self:
            lead.board_kind = lead.board_column_id.sudo().kind  # sudo: as who sees the project may see where it stands

    def _search_board_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The ids themselves: with a sub-query for them the database would not know how many projects to expect.
        ids_by_kind = self.env["crm.process.column"]._ids_by_kind()
        return Domain("board_column_id", "in", [column_id for kind in value for column_id in ids_by_kind.get(kind, ())])

    def _board_place(self):
        """Where the project belongs on the board: the kind of column and, where it has one, its stage."""
        self.ensure_one()
        no_stage = self.env["crm.stage"]
        if self.won_status == "won":
            return "order", self.stage_id
        if self.won_status in ("lost", "cancelled"):
            return self.won_status, no_stage
        if not self.active:
            return None, no_stage
        if self.type == "lead" or not self.stage_id:
            return "unprocessed", no_stage
        return "status", self.stage_id

    @api.depends("date_closed", "date_deadline", "won_status", "type", "stage_id", "user_id", "company_id", "team_id")
    def _compute_board_date(self):
        on_process = self.filtered(lambda lead: lead.team_id.process_id)
        (self - on_process).board_date = False
        for lead in on_process:
            if lead.won_status in CLOSED_STATUSES:
                lead.board_date = lead._local_date(lead.date_closed)
            elif lead.date_deadline or (lead.type == "opportunity" and lead.stage_id):
                lead.board_date = lead.date_deadline
            else:
                lead.board_date = lead._local_date(lead.create_date or fields.Datetime.now())

    def _local_date(self, moment):
        """The day on which ``moment`` (naive UTC) falls where the owner, or else the company, is."""
        if not moment:
            return False
        zone = self.user_id.tz or self.company_id.partner_id.tz or self.env.company.partner_id.tz or "UTC"
        return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()

    @api.depends("won_status", "team_id", "order_ids.state", "order_ids.amount_untaxed", "order_ids.currency_id")
    def _compute_actual_revenue(self):
        """Follow the confirmed orders; keep a value that was written while these do not change."""
        for lead in self:
            value, basis = lead.actual_revenue, lead.order_basis
            # Without a process nothing else is read: what native teams do shall cost no more than natively.
            if lead.team_id.process_id and lead.won_status != "won":
                value, basis = 0.0, False
            elif lead.team_id.process_id:
                total, now = lead._order_total()
                if basis != now:
                    value, basis = (lead.expected_revenue if total is None else total), now
            lead.actual_revenue = value
            lead.order_basis = basis

    def _inverse_actual_revenue(self):
        for lead in self:
            lead.order_basis = lead.won_status == "won" and lead._order_total()[1]

    def _order_total(self):
        """The untaxed total of the confirmed orders, None without any, and a text that changes with it."""
        # sudo: the orders count, also those that a colleague made
        lead = self.sudo()
        total = lead.sale_amount_total if lead.sale_order_count else None
        return total, "-" if total is None else f"{total:.2f}"

    # ------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show a team on a process exactly its statuses, and other teams none of them."""
        found = super()._read_group_stage_ids(stages, domain)
        teams = self.env["crm.team"].browse(self.env.context.get("default_team_id") or ())
        if self.env.context.get("show_user_team_stages"):
            teams |= self.env.user.crm_team_ids
        processes = teams.process_id
        native = not teams or bool(teams.filtered(lambda team: not team.process_id))
        return found.filtered(
            lambda stage: stage in stages or (stage.process_id in processes if stage.process_id else native)
        )

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        # The team of the project itself counts first: its stage has to be of that team's process until it moves.
        teams = self.team_id or self.env["crm.team"].browse(team_id or ())
        allowed = teams.process_id.ids
        if not teams or teams.filtered(lambda team: not team.process_id):
            allowed.append(False)
        return super()._stage_find(
            team_id=team_id, domain=[*(domain or []), ("process_id", "in", allowed)], order=order, limit=limit
        )

    def _pls_get_won_lost_total_count(self, team_results):
        """Count on the first stage that is counted: the first that all teams share or, without, of a process' own.

        Native code counts on the shared one alone, which a team on a process has not, and searches it for every team
        anew; the stages do not change while leads are scored.
        """
        results = team_results.get("stage_id", {})
        for stage_id in self.env["crm.stage"]._scoring_stage_ids():
            counts = results.get(str(stage_id))
            if counts and (total := counts["won"] + counts["lost"]):
                return counts["won"], counts["lost"], total
        return 0, 0, 0

    # ------------------------------------------------------------
    # Stale
    # ------------------------------------------------------------

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "date_last_touch", "activity_ids.date_deadline", "team_id"]

    @api.depends(lambda self: self._get_rotting_depends_fields())
    def _compute_rotting(self):
        """On a process a project is stale without a touch for the status' time and without an activity ahead."""
        super()._compute_rotting()
        now, today = self.env.cr.now(), fields.Date.context_today(self)
        for lead in self.filtered(lambda lead: lead.is_rotting and lead.process_id):
            untouched = (now - (lead.date_last_touch or lead.create_date)).days
            ahead = any(activity.date_deadline >= today for activity in lead.activity_ids)
            lead.is_rotting = untouched >= lead.stage_id.rotting_threshold_days and not ahead
            lead.rotting_days = untouched if lead.is_rotting else 0

    def _search_is_rotting(self, operator, value):
        [(field, operator, ids)] = super()._search_is_rotting(operator, value)
        on_process = self.with_context(active_test=False).search([("id", "in", ids), ("process_id", "!=", False)])
        alive = set(on_process.filtered(lambda lead: not lead.is_rotting).ids)
        return [(field, operator, [lead_id for lead_id in ids if lead_id not in alive])]

    # ------------------------------------------------------------
    # Columns in bulk
    # ------------------------------------------------------------

    @api.model
    def _fill_board(self, condition):
        """Compute what the board stores of all projects that match an SQL condition on ``lead``, in one statement.

        The same rules as the computes of the fields, for a team that is switched on or off.
        """
        self.env["crm.process.column"].flush_model()
        self.env["crm.team"].flush_model(["process_id"])
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead
                   SET board_column_id = place.column_id, board_date = place.date,
                       actual_revenue = place.actual, order_basis = place.basis
                  FROM (
                    SELECT lead.id, col.id AS column_id,
                           CASE WHEN team.process_id IS NULL THEN NULL
                                WHEN lead.won_status IN ('won', 'lost', 'cancelled')
                                THEN (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date
                                WHEN lead.date_deadline IS NOT NULL
                                  OR (lead.type = 'opportunity' AND lead.stage_id IS NOT NULL) THEN lead.date_deadline
                                ELSE (lead.create_date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date END AS date,
                           CASE WHEN team.process_id IS NULL OR lead.won_status = 'won' AND lead.order_basis IS NOT NULL
                                THEN lead.actual_revenue
                                WHEN lead.won_status = 'won' THEN lead.expected_revenue ELSE 0 END AS actual,
                           CASE WHEN team.process_id IS NULL OR lead.order_basis IS NOT NULL AND lead.won_status = 'won'
                                THEN lead.order_basis
                                WHEN lead.won_status = 'won' AND NOT EXISTS (
                                    SELECT FROM sale_order WHERE opportunity_id = lead.id
                                       AND state NOT IN ('draft', 'sent', 'cancel')) THEN '-' END AS basis
                      FROM crm_lead lead
                      LEFT JOIN crm_team team ON team.id = lead.team_id
                      LEFT JOIN res_users ON res_users.id = lead.user_id
                      LEFT JOIN res_partner owner ON owner.id = res_users.partner_id
                      LEFT JOIN res_company ON res_company.id = lead.company_id
                      LEFT JOIN res_partner company ON company.id = res_company.partner_id
                      CROSS JOIN LATERAL (SELECT COALESCE(owner.tz, company.tz, %(zone)s, 'UTC') AS tz) zone
                      LEFT JOIN crm_process_column col ON col.process_id = team.process_id AND CASE
                        WHEN lead.won_status = 'won' THEN col.kind = 'order'
                        WHEN lead.won_status IN ('lost', 'cancelled') THEN col.kind = lead.won_status
                        WHEN lead.active IS NOT TRUE THEN FALSE
                        WHEN lead.type = 'lead' OR lead.stage_id IS NULL THEN col.kind = 'unprocessed'
                        ELSE col.kind = 'status' AND col.stage_id = lead.stage_id END
                     WHERE %(condition)s
                  ) place
                 WHERE place.id = crm_lead.id
             RETURNING crm_lead.id, crm_lead.board_column_id IS NOT NULL AND crm_lead.won_status = 'won'
                       AND crm_lead.order_basis IS NULL
                """,
                zone=self.env.company.partner_id.tz or None,
                condition=condition,
            )
        )
        ordered = [lead_id for lead_id, is_ordered in self.env.cr.fetchall() if is_ordered]
        self.invalidate_model(["board_column_id", "board_date", "actual_revenue", "order_basis"], flush=False)
        # Orders convert their currency each at its date: what only the ORM does.
        self.env.add_to_compute(self._fields["actual_revenue"], self.browse(ordered))

    @api.model
    def _read_group_board_column_ids(self, columns, domain):
        """Show the columns of every process in view, also the empty ones, except those the user has switched off."""
        shown = [key.removeprefix("salesboard_show_") for key in self.env.context if key.startswith("salesboard_show_")]
        kinds = Domain("kind", "in", shown) if shown else Domain.TRUE
        expanded = Domain("process_id", "in", self._salesboard_processes().ids) & kinds
        return columns.search(Domain("id", "in", columns.ids) | expanded)
