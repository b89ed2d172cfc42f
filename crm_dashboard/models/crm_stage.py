from odoo import models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    def write(self, vals):
        if "sequence" in vals:
            self.filtered(lambda stage: stage.sequence != vals["sequence"]).process_id._follow_order()
        return super().write(vals)

    def unlink(self):
        self._leave_progress()
        return super().unlink()

    def _leave_progress(self):
        """Projects that got as far as one of these statuses got as far as the one before, whether they stood there."""
        # sudo: the columns of the board are no secret
        columns = self.env["crm.process.column"].sudo().search([("stage_id", "in", self.ids), ("kind", "=", "status")])
        for process, removed in columns.grouped("process_id").items():
            earlier = columns.browse()
            for column in process._ordered_columns():
                if column in removed:
                    # sudo: all projects, whoever removes a status
                    self.env["crm.lead"].sudo()._pass_on_progress(column, earlier)
                else:
                    earlier = column
