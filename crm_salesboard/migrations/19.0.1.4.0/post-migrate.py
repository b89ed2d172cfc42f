from odoo.tools import SQL


def migrate(cr, version):
    """Mark the moves that were taken back; up to now only those that took them back were marked."""
    cr.execute(
        SQL(
            """
            UPDATE crm_lead_move SET undone = TRUE
              FROM (SELECT id, lead(undone) OVER (PARTITION BY lead_id ORDER BY id) AS is_next FROM crm_lead_move) move
             WHERE move.id = crm_lead_move.id AND move.is_next
            """
        )
    )
