from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _draw_for_tickets(self, count):
        """Take several numbers, in one query where the sequence is one of the database."""
        if self.implementation != "standard" or self.use_date_range:
            return [self.next_by_id() for _number in range(count)]
        name = f"ir_sequence_{self.id:03d}"
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", name, count))
        return [self.get_next_char(number) for (number,) in rows]
