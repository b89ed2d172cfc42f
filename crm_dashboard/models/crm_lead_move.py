from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadMove(models.Model):
    """The history of a project also says how long it stood where it was moved from."""

    _inherit = "crm.lead.move"

    # The removal of a column does not go through the whole history.
    to_column_id = fields.Many2one(index="btree_not_null")
    days = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How many days the project had stood where it was moved from. Empty where it came onto the board.",
    )

    # The median of the stays in each column is read from this index alone.
    _days_index = models.Index("(lead_id) INCLUDE (from_column_id, days) WHERE days IS NOT NULL AND undone IS NOT TRUE")
    # Nor does that, nor whether any project ever left a column.
    _from_column_index = models.Index("(from_column_id)")

    @api.model
    def _fill_days(self):
        """Give the moves from before their days, in one statement.

        A project stood where it was moved from since the move before or, without one, since native code says that it
        had its stage.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_move
                   SET days = extract(epoch FROM crm_lead_move.date - stay.since) / 86400
                  FROM (
                    SELECT move.id,
                           COALESCE(
                               lag(move.date) OVER (PARTITION BY move.lead_id ORDER BY move.id),
                               NULLIF(move.before ->> 'date_last_stage_update', 'false')::timestamp,
                               lead.create_date
                           ) AS since
                      FROM crm_lead_move move
                      JOIN crm_lead lead ON lead.id = move.lead_id
                     WHERE move.undone IS NOT TRUE
                  ) stay
                 WHERE stay.id = crm_lead_move.id AND crm_lead_move.days IS NULL
                   AND crm_lead_move.from_column_id IS NOT NULL AND stay.since <= crm_lead_move.date
                """
            )
        )
        self.invalidate_model(["days"], flush=False)
