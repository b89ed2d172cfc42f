from odoo import models
from odoo.tools import SQL


class CrmStage(models.Model):
    _inherit = "crm.stage"

    def write(self, vals):
        res = super().write(vals)
        if "sequence" in vals and self.process_id:
            self._put_off_progress(self.process_id)
        return res

    def unlink(self):
        processes = self.process_id
        res = super().unlink()
        if processes := processes.exists():
            self._put_off_progress(processes)
        return res

    def _put_off_progress(self, processes):
        """Have the projects follow another order of their statuses, once for all that the transaction changes."""
        hooks = self.env.cr.precommit
        if "crm_dashboard.processes" not in hooks.data:
            hooks.data["crm_dashboard.processes"] = set()
            hooks.add(self.env["crm.lead"].sudo()._follow_statuses)  # sudo: all projects, whoever orders the statuses
        hooks.data["crm_dashboard.processes"].update(processes.ids)
