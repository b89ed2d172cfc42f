from odoo import api, fields, models
from odoo.exceptions import AccessError

PROGRESS_FIELDS = ("funnel_date", "furthest_column_id", "column_since")


class CrmLead(models.Model):
    """How far a project has come in the process that its team sells by, and since when it stands where it is.

    Written by the project itself as it comes onto the board and with each move; teams without a process cost nothing.
    """

    _inherit = "crm.lead"

    funnel_date = fields.Date(
        "Entered",
        readonly=True,
        copy=False,
        help="The day on which the project came into its process, where its owner is. Conversion is measured on the "
        "projects that came in within a period.",
    )
    furthest_column_id = fields.Many2one(
        "crm.process.column",
        "Got as Far as",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The last column, in the order of the board, that the project has reached in its present process. An "
        "order counts while it is one; lost and cancelled projects keep how far they had come.",
    )
    column_since = fields.Datetime(
        "In Column since",
        readonly=True,
        copy=False,
        help="Since when the project stands in its present column.",
    )

    # A funnel of a period, of everybody or of one owner, is read from an index alone, without the projects themselves.
    _funnel_date_index = models.Index(
        "(funnel_date) INCLUDE (furthest_column_id, board_column_id, lost_reason_id, cancel_reason_id, user_id, "
        "team_id, company_id, board_date, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE furthest_column_id IS NOT NULL"
    )
    _funnel_owner_index = models.Index(
        "(user_id, funnel_date) INCLUDE (furthest_column_id, board_column_id, lost_reason_id, cancel_reason_id, "
        "team_id, company_id, board_date, expected_revenue, prorated_revenue, actual_revenue, is_restricted, id) "
        "WHERE furthest_column_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """As natively; how far a project has come is its own to say, whatever a form or its defaults hold.

        Only the day on which it entered may be given, by programs of sales managers.
        """
        vals_list = [self._without_progress(vals) for vals in vals_list]
        model, defaults = self, {f"default_{name}" for name in PROGRESS_FIELDS}
        if not defaults.isdisjoint(self.env.context):
            model = self.with_context({key: value for key, value in self.env.context.items() if key not in defaults})
        leads = super(CrmLead, model).create(vals_list).with_env(self.env)
        leads._enter_board(is_new=True)
        return leads

    def write(self, vals):
        """As natively.

        :raise AccessError: somebody other than a sales manager writes how far a project has come
        """
        if not set(PROGRESS_FIELDS).isdisjoint(vals) and not self._may_set_progress():
            raise AccessError(
                self.env._("Only a sales manager may change when a project entered, and how far it has come.")
            )
        res = super().write(vals)
        if not {"user_id", "type"}.isdisjoint(vals):
            # A native project may have come onto the board by the team of its owner.
            self._enter_board()
        return res

    def _without_progress(self, vals):
        if set(PROGRESS_FIELDS).isdisjoint(vals):
            return vals
        given = {"funnel_date"} if self._may_set_progress() else set()
        return {name: value for name, value in vals.items() if name in given or name not in PROGRESS_FIELDS}

    def _may_set_progress(self):
        return self.env.su or self.env.user.has_group("sales_team.group_sale_manager")

    # ------------------------------------------------------------
    # Progress
    # ------------------------------------------------------------

    def _enter_board(self, is_new=False):
        """Begin the history of those that have come into a process otherwise than by a move.

        :param bool is_new: they were just made
        """
        # sudo: the history is written by the project, not by its user
        leads = self.sudo().filtered("team_id.process_id").filtered(lambda lead: not lead.furthest_column_id)
        if leads:
            leads._note_progress(is_new)
            empty = self.env["crm.process.column"]
            on_board = leads.filtered("board_column_id")
            on_board.env["crm.lead.move"].create([lead._prepare_move(empty, None) for lead in on_board])

    def _after_move(self, before, vals):
        res = super()._after_move(before, vals)
        # sudo: as above; whoever moves a project may just have given it to somebody else
        self.sudo().filtered(lambda lead: lead.board_column_id != before[lead][0])._note_progress()
        return res

    def _prepare_move(self, column, snapshot, **extra):
        values = super()._prepare_move(column, snapshot, **extra)
        since = fields.Datetime.to_datetime((snapshot or {}).get("column_since"))
        if column and since and not extra.get("undone"):
            values["days"] = max((self.env.cr.now() - since).total_seconds(), 0) / 86400
        return values

    def _note_progress(self, is_new=False):
        """Note of projects that have just come to a column since when, and how far they have come by that."""
        back = self.filtered(
            lambda lead: lead.furthest_column_id.kind == "order" and lead.board_column_id.kind != "order"
        )
        closings = back._last_closings()
        changes = {lead: lead._changed_only(lead._prepare_progress(closings.get(lead), is_new)) for lead in self}
        for values, leads in self.grouped(lambda lead: tuple(changes[lead].items())).items():
            if values:
                leads._write_native(dict(values))

    def _changed_only(self, values):
        """Without what is there already, so that projects that came on many days are written together."""
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    def _prepare_progress(self, closing, is_new):
        """
        :param closing: ``crm.lead.move`` that won a project which is an order no longer, else None
        :param bool is_new: it was just made
        :return: the values of ``PROGRESS_FIELDS``
        """
        process = self.team_id.process_id
        if not process:
            return dict.fromkeys(PROGRESS_FIELDS, False)
        reached, entered = self.furthest_column_id, self.funnel_date
        if reached.process_id != process:
            reached = reached.browse()
            entered = self._first_day() if is_new else self._local_date(self.env.cr.now())
        elif closing is not None:
            before = (closing.before or {}).get("furthest_column_id")
            # Found among these, as it may be gone by now.
            reached = process.column_ids.filtered(lambda column: column.id == before)
        return {
            "funnel_date": entered,
            "furthest_column_id": self._furthest_of(self._with_present(reached)).id,
            "column_since": self.env.cr.now().replace(microsecond=0) if self.board_column_id else False,
        }

    def _with_present(self, reached):
        """The columns that a project has reached, with the one in which it stands."""
        present = self.board_column_id
        if present.kind != "order":
            # An order that a program cancels keeps its stage, and is an order no longer.
            present = self._open_column(self.stage_id).filtered(lambda column: column.kind != "order")
        if found := reached | present:
            return found
        # Where an imported order came from is not known: from the last status, as when it is reopened.
        return self.team_id.process_id.column_ids.filtered(lambda column: column.kind == "status")

    def _first_day(self):
        """The day on which a new project came: of one that is imported, when it was taken up or closed, if earlier."""
        moments = filter(None, (self.create_date, self.date_open, self.date_closed))
        return self.funnel_date or self._local_date(min(moments))

    @api.model
    def _furthest_of(self, columns):
        """The last of columns of one process, in the order of the board."""
        return columns.sorted(lambda column: (column.sequence, column.id))[-1:]

    # ------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------

    @api.model
    def _get_snapshot_fields(self):
        return (*super()._get_snapshot_fields(), PROGRESS_FIELDS)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_dependences(self, opportunities):
        """A merged project came with the first of them, and as far as any of them, in the process it stays in."""
        super()._merge_dependences(opportunities)
        if self.furthest_column_id:
            leads = (self | opportunities)._in_process_of_first()
            self._write_native(
                {
                    "funnel_date": min(filter(None, leads.mapped("funnel_date")), default=False),
                    "furthest_column_id": leads._merged_furthest(),
                }
            )

    def _in_process_of_first(self):
        process = self[:1].furthest_column_id.sudo().process_id  # sudo: the columns are no secret
        return self.filtered(lambda lead: lead.furthest_column_id.sudo().process_id == process)

    def _merged_furthest(self):
        leads = self
        if self[:1].won_status != "won":
            leads = self.filtered(lambda lead: lead.won_status != "won")
        return self._furthest_of(leads.furthest_column_id.sudo()).id  # sudo: as above
