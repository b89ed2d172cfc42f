from odoo import api, models
from odoo.tools import SQL

from .crm_lead_progress import PROGRESS_FIELDS
from .crm_process import ORDERS_BEFORE


class CrmLead(models.Model):
    """The progress of projects in bulk: on installation, as a team is switched, as statuses change their order."""

    _inherit = "crm.lead"

    @api.model
    def _fill_board(self, condition):
        super()._fill_board(condition)
        self._fill_progress(condition)

    @api.model
    def _fill_progress(self, condition):
        """Work out of their history how far all projects that match an SQL condition have come, in one statement.

        The same rules as for a single project. Those that were there before a team sold by a process came on the day
        they were made; a team that is switched to another process takes its projects along, with the day they came.

        :param condition: ``SQL`` on ``lead`` and ``team``
        """
        for model in ("crm.process.column", "crm.team", "crm.lead.move", "crm.lead"):
            self.env[model].flush_model()
        # PostgreSQL expects it to be long, and would spend two seconds on compiling it
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL jit = off;
                UPDATE crm_lead
                   SET furthest_column_id = progress.furthest, funnel_date = progress.entered,
                       column_since = progress.since
                  FROM (%s) progress
                 WHERE progress.id = crm_lead.id
                   AND (crm_lead.furthest_column_id, crm_lead.funnel_date, crm_lead.column_since)
                       IS DISTINCT FROM (progress.furthest, progress.entered, progress.since)
                """,
                self._progress_sql(condition),
            )
        )
        self.invalidate_model(PROGRESS_FIELDS, flush=False)

    @api.model
    def _follow_statuses(self):
        """Do what statuses that were put in another order have put off to the end of the transaction.

        Of the projects those alone that got as far as a column which another one now stands behind.
        """
        orders = self.env.cr.precommit.data.pop(ORDERS_BEFORE, {})
        processes = self.env["crm.process"].browse(orders).exists()
        if columns := [column for process in processes for column in process._overtaken(orders[process.id])]:
            self._fill_progress(SQL("lead.furthest_column_id = ANY(%s)", columns))

    @api.model
    def _pass_on_progress(self, column, earlier):
        """Projects that got as far as a column that is removed are those that got as far as the one before it."""
        self.flush_model(["furthest_column_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET furthest_column_id = %s WHERE furthest_column_id = %s",
                earlier.id or None,
                column.id,
            )
        )
        self.invalidate_model(["furthest_column_id"], flush=False)

    @api.model
    def _progress_sql(self, condition):
        """A query for id, furthest, entered and since of projects."""
        return SQL(
            """
            SELECT lead.id,
                   CASE WHEN team.process_id IS NULL THEN NULL
                        WHEN lead.won_status = 'won' THEN COALESCE(lead.board_column_id, reached.id)
                        ELSE COALESCE(reached.id, (%(last_status)s)) END AS furthest,
                   CASE WHEN team.process_id IS NULL THEN NULL ELSE COALESCE(lead.funnel_date, (COALESCE(
                        entry.date, LEAST(lead.create_date, lead.date_open, lead.date_closed, first.date)
                   ) AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date) END AS entered,
                   CASE WHEN lead.board_column_id IS NULL THEN NULL ELSE date_trunc('second', COALESCE(
                        lead.column_since,
                        last.date,
                        CASE WHEN lead.won_status IN ('won', 'lost', 'cancelled') THEN lead.date_closed END,
                        lead.date_last_stage_update,
                        lead.create_date
                   )) END AS since
              FROM crm_lead lead
              LEFT JOIN crm_team team ON team.id = lead.team_id
              LEFT JOIN res_users ON res_users.id = lead.user_id
              LEFT JOIN res_partner owner ON owner.id = res_users.partner_id
              LEFT JOIN res_company ON res_company.id = lead.company_id
              LEFT JOIN res_partner company ON company.id = res_company.partner_id
             CROSS JOIN LATERAL (SELECT COALESCE(owner.tz, company.tz, %(zone)s, 'UTC') AS tz) zone
              LEFT JOIN LATERAL (%(entry)s) entry ON TRUE
              LEFT JOIN LATERAL (SELECT min(date) AS date FROM crm_lead_move WHERE lead_id = lead.id) first ON TRUE
              LEFT JOIN LATERAL (%(last)s) last ON TRUE
              LEFT JOIN LATERAL (%(reached)s) reached ON TRUE
             WHERE %(condition)s
            """,
            zone=self.env.company.partner_id.tz or None,
            entry=self._entry_sql(),
            last=self._last_move_sql(),
            reached=self._reached_sql(),
            last_status=self._last_status_sql(),
            condition=condition,
        )

    @api.model
    def _entry_sql(self):
        """The move by which ``lead`` came into the process of ``team`` from another one, or from none.

        A project that was only put aside has kept its team. One that came by its owner has nothing from before on its
        move, as has one that was made on the board: that one came on the day that ``_first_day`` says.
        """
        return SQL(
            """
            SELECT move.id,
                   NULLIF(date_trunc('second', move.date), date_trunc('second', lead.create_date)) AS date
              FROM crm_lead_move move
              JOIN crm_process_column target ON target.id = move.to_column_id AND target.process_id = team.process_id
              LEFT JOIN crm_process_column source ON source.id = move.from_column_id
              LEFT JOIN crm_team former ON former.id = NULLIF(move.before ->> 'team_id', 'false')::int
             WHERE move.lead_id = lead.id AND move.undone IS NOT TRUE
               AND CASE WHEN move.before IS NULL THEN move.from_column_id IS NULL
                        ELSE COALESCE(source.process_id, former.process_id) IS DISTINCT FROM team.process_id END
             ORDER BY move.id DESC LIMIT 1
            """
        )

    @api.model
    def _last_move_sql(self):
        """The last move, if it brought ``lead`` to its present column."""
        return SQL(
            """
            SELECT move.date FROM (
                SELECT date, to_column_id FROM crm_lead_move
                 WHERE lead_id = lead.id AND undone IS NOT TRUE ORDER BY id DESC LIMIT 1
            ) move WHERE move.to_column_id = lead.board_column_id
            """
        )

    @api.model
    def _reached_sql(self):
        """The furthest open column that ``lead`` stands in, or has stood in since it came into its process.

        One that it has got to already counts too: by a merged project, or in place of a status that was removed.
        """
        return SQL(
            """
            SELECT col.id
              FROM crm_process_column col
             WHERE col.process_id = team.process_id AND col.kind IN ('unprocessed', 'status')
               AND (
                   CASE WHEN lead.type = 'lead' OR lead.stage_id IS NULL THEN col.kind = 'unprocessed'
                        ELSE col.stage_id = lead.stage_id END
                   OR col.id = lead.furthest_column_id
                   OR EXISTS (
                       SELECT FROM crm_lead_move move
                        WHERE move.lead_id = lead.id AND move.undone IS NOT TRUE
                          AND (move.to_column_id = col.id AND move.id >= COALESCE(entry.id, 0)
                               OR move.from_column_id = col.id AND move.id > COALESCE(entry.id, 0))
                   )
               )
             ORDER BY col.sequence DESC, col.id DESC LIMIT 1
            """
        )

    @api.model
    def _last_status_sql(self):
        """For what is an order no longer, and of which it is not known where it came from."""
        return SQL(
            """
            SELECT id FROM crm_process_column
             WHERE process_id = team.process_id AND kind = 'status' ORDER BY sequence DESC, id DESC LIMIT 1
            """
        )
