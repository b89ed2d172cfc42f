from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_salesboard.models.crm_lead_salesboard import BOARD_FIELD

FURTHEST_FIELD = "furthest_column_id"
# The outcomes of projects that dropped out, with the field that says why.
REASON_FIELDS = {"lost": "lost_reason_id", "cancelled": "cancel_reason_id"}
PARTS = ("reached", "open", "dropped")
COUNTED = ("count", "projected")


class CrmLead(models.Model):
    """The acquisition funnel: how many projects, and what value, came how far, and what became of them.

    A project has reached a column if it got as far as that one or a later one of its process. So those that reached a
    column went on to the next, or dropped out there, lost or cancelled, or are open there.
    """

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_funnel(self, domain):
        """The figures of the funnel for one filter, over all projects that the user may see.

        Whoever asks for what came in within a period filters by ``funnel_date``. Values are in the currency of the
        current company, converted as on the Sales Board.

        :param list domain: the present search
        :return: dict of

            - ``currency_id``: the currency of all values
            - ``processes``: those of the projects that were found, in the order of the board: list of ``{"id", "name",
              "won", "steps"}``

          ``won`` being ``{"count", "projected", "actual"}``, and ``steps``, in the order of the board, the order last,
          a list of dict of

            - ``column_id``, ``name``, ``text_color``, ``background_color``: the column; that of unprocessed projects is
              there if any project got no further, or has ever gone on from it
            - ``reached``, ``open``, ``dropped``: ``{"count", "projected"}``
            - ``next``: of both the share, 0 to 1, of what reached this column that reached the next one as well; None
              at the last one, and of nothing
            - ``reasons``: what dropped out here, by reason, most projects first: list of ``{"id", "name", "kind",
              "count", "projected"}``; ``kind`` is lost or cancelled, and ``id`` False where there is no reason
        """
        rows = self._funnel_rows(domain)
        # sudo: the columns of the board are no secret, whoever may see the projects in them
        processes = self.env["crm.process.column"].sudo().union(*rows).process_id
        return {
            "currency_id": self.env.company.currency_id.id,
            "processes": [self._funnel_of(process, rows) for process in processes.sorted()],
        }

    @api.model
    def _funnel_rows(self, domain):
        """What one query finds.

        :return: ``{column got to: [(present column, {outcome: reason}, figures)]}``
        """
        rows = defaultdict(list)
        groupby = [BOARD_FIELD, FURTHEST_FIELD, *REASON_FIELDS.values()]
        for group, figures in self._read_figures(self._funnel_domain(domain), groupby):
            # sudo: as above; the reasons are those of projects that the user may see
            present, furthest, *reasons = (record.sudo() for record in group)
            rows[furthest].append((present, dict(zip(REASON_FIELDS, reasons, strict=True)), figures))
        return rows

    @api.model
    def _funnel_of(self, process, rows):
        """The funnel of one process, from its end on: what reached a column is what reached the next, and more."""
        steps, beyond = [], {}
        for column in reversed(self._funnel_columns(process, rows)):
            step = self._funnel_step(column, rows.get(column, ()), beyond)
            steps.insert(0, step)
            beyond = step["reached"]
        orders = [figures for found in rows.values() for present, _reasons, figures in found
                  if present.kind == "order" and present.process_id == process]  # fmt: skip
        won = {name: sum(figures[name] for figures in orders) for name in (*COUNTED, "actual")}
        return {"id": process.id, "name": process.name, "won": won, "steps": steps}

    @api.model
    def _funnel_columns(self, process, rows):
        columns = process.column_ids.sorted()
        left = self._unprocessed_that_were_left(process)
        return columns.filtered(
            lambda column: (
                column.kind in ("status", "order")
                or (column.kind == "unprocessed" and (column in rows or column.id in left))
            )
        )

    @api.model
    def _unprocessed_that_were_left(self, process):
        """The ids of the column of unprocessed projects, if any project has ever gone on from it."""
        self.env["crm.lead.move"].flush_model(["from_column_id", "undone"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM crm_process_column col
                 WHERE process_id = %s AND kind = 'unprocessed'
                   AND EXISTS (SELECT FROM crm_lead_move WHERE from_column_id = col.id AND undone IS NOT TRUE)
                """,
                process.id,
            )
        )
        return {column_id for (column_id,) in rows}

    @api.model
    def _funnel_step(self, column, rows, beyond):
        """
        :param rows: of the projects that got to ``column`` and no further, see ``_funnel_rows``
        :param dict beyond: what reached the next column, empty at the last one
        """
        parts = {part: dict.fromkeys(COUNTED, 0) for part in ("open", "dropped", "won")}
        for present, _reasons, figures in rows:
            part = parts[self._funnel_part(present)]
            for name in COUNTED:
                part[name] += figures[name]
        reached = {name: sum(part[name] for part in parts.values()) + beyond.get(name, 0) for name in COUNTED}
        return {
            "column_id": column.id,
            "name": column.name,
            "text_color": column.text_color,
            "background_color": column.background_color,
            "reached": reached,
            "next": {name: beyond[name] / reached[name] if beyond and reached[name] else None for name in COUNTED},
            "open": parts["open"],
            "dropped": parts["dropped"],
            "reasons": self._funnel_reasons(rows),
        }

    @api.model
    def _funnel_part(self, column):
        if column.kind in REASON_FIELDS:
            return "dropped"
        return "won" if column.kind == "order" else "open"

    @api.model
    def _funnel_reasons(self, rows):
        found = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
        for present, reasons, figures in rows:
            if present.kind in REASON_FIELDS:
                for name in COUNTED:
                    found[present.kind, reasons[present.kind]][name] += figures[name]
        reasons = [
            {"id": reason.id, "name": reason.name or self.env._("Without a Reason"), "kind": kind, **figures}
            for (kind, reason), figures in found.items()
        ]
        return sorted(reasons, key=lambda reason: (-reason["count"], -reason["projected"], reason["name"]))

    @api.model
    @api.readonly
    def get_funnel_days(self, domain):
        """How long projects stood in each column before they were moved on: the median of these stays.

        :param list domain: the present search
        :return: ``{column id: days}``, without columns that none was moved from
        """
        projects = self.with_context(active_test=False)._search(self._funnel_domain(domain))
        if projects.is_empty():
            return {}
        # The history is not for everybody, but how long projects stood that the user may see is.
        self.env["crm.lead.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT from_column_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
                  FROM crm_lead_move
                 WHERE days IS NOT NULL AND undone IS NOT TRUE AND from_column_id IS NOT NULL AND lead_id IN %s
                 GROUP BY from_column_id
                """,
                projects.subselect(),
            )
        )
        return dict(rows)

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def action_open_funnel(self, domain, column_id, part, kind=None, reason_id=None):
        """The projects that a figure of the funnel counts.

        :param list domain: the present search
        :param int column_id: the column of the step
        :param str part: ``reached``, ``open`` or ``dropped``
        :param str kind: of what dropped out, ``lost`` or ``cancelled``; None for both
        :param reason_id: of these, the id of a reason, False for none; None for all
        :return: an action, closed and archived projects included
        :raise UserError: there is no such step, part or kind
        """
        column = self._target_column(column_id)
        is_step = column and column.kind not in REASON_FIELDS
        if not is_step or part not in PARTS or kind not in (None, *REASON_FIELDS):
            raise UserError(self.env._("There is no such figure in the funnel. Reload it, and choose one of its bars."))
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard_list")
        action["domain"] = list(self._funnel_domain(domain, column, part, kind, reason_id))
        action["name"] = action["display_name"] = self._funnel_title(column, part, kind, reason_id)
        return action

    @api.model
    def _funnel_title(self, column, part, kind, reason_id):
        titles = {
            "reached": self.env._("Reached %(column)s", column=column.name),
            "open": self.env._("Open in %(column)s", column=column.name),
            "dropped": self.env._("Dropped out at %(column)s", column=column.name),
        }
        title = titles[part]
        if kind and reason_id is not None:
            reason = self.env["crm.lost.reason"].browse(reason_id or ()).exists()
            title = f"{title}: {reason.name or self.env._('Without a Reason')}"
        return title

    @api.model
    def _funnel_domain(self, domain, column=None, part="reached", kind=None, reason_id=None):
        """The one domain that both the figures and the lists behind them are made of.

        :param list domain: the present search
        :param column: ``crm.process.column``, or None for the whole funnel
        :param str part: one of ``PARTS``
        :param str kind: see ``action_open_funnel``, as is ``reason_id``
        """
        result = Domain(domain) & Domain(BOARD_FIELD, "!=", False) & Domain(FURTHEST_FIELD, "!=", False)
        if not column:
            return result
        if part == "reached":
            return result & Domain(FURTHEST_FIELD, "in", self._columns_from(column).ids)
        kinds = ("unprocessed", "status") if part == "open" else (kind,) if kind else tuple(REASON_FIELDS)
        result &= Domain(FURTHEST_FIELD, "=", column.id) & Domain("board_kind", "in", kinds)
        if part == "dropped" and kind and reason_id is not None:
            result &= Domain(REASON_FIELDS[kind], "=", reason_id)
        return result

    @api.model
    def _columns_from(self, column):
        """The columns of the funnel from this one on, in the order of the board."""
        place = (column.sequence, column.id)
        return column.process_id.column_ids.filtered(
            lambda other: other.kind not in REASON_FIELDS and (other.sequence, other.id) >= place
        )
