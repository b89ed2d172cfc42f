from odoo import api, fields, models


class CrmGdprLogCheck(models.TransientModel):
    """Whether the log is what was written, and whether it still has what a kept copy of it has."""

    _name = "crm.gdpr.log.check"
    _inherit = "crm.gdpr.ledger.mixin"
    _description = "Verify the Chain"

    entry_count = fields.Integer(string="Entries", readonly=True)
    last_hash = fields.Char(string="Hash of the Last Entry", readonly=True)
    is_good = fields.Boolean(readonly=True)
    is_key_changed = fields.Boolean(readonly=True)
    problems = fields.Text(readonly=True)
    compared = fields.Text(readonly=True)
    is_same = fields.Boolean(readonly=True)

    @api.model
    def default_get(self, fields):
        """The log is verified when the wizard is opened."""
        return super().default_get(fields) | self._verify()

    @api.model
    def _verify(self):
        log = self.env["crm.gdpr.log"]
        log.check_access("read")
        problems = log._verify()
        other_key = [problem for problem in problems if problem.kind == "other_key"]
        # sudo: the head is no more than number and hash of the last entry, which officers read in the log
        head = self.env["crm.gdpr.log.head"].sudo()._read()
        return {
            "entry_count": head["number"],
            "last_hash": head["hash"],
            "is_good": problems == other_key,
            "is_key_changed": bool(other_key),
            "problems": "\n".join(map(log._describe, problems)),
        }

    def action_compare(self):
        """Compare the log with a copy of it that was kept elsewhere."""
        self.ensure_one()
        found = self._read_ledger()
        self.write({"compared": self._describe(found), "is_same": not found["unknown"] and not found["problems"]})
        return self._reopen()

    def _describe(self, found):
        log = self.env["crm.gdpr.log"]
        lines = [self.env._("%(count)s entries in the file.", count=found["count"])]
        if found["is_other_key"]:
            lines.append(self.env._("It was sealed with another key and cannot be compared."))
        elif found["unknown"]:
            lines.append(self.env._("%(count)s of them are not in the log any more.", count=found["unknown"]))
        else:
            lines.append(self.env._("All of them are in the log as they were."))
        if found["problems"]:
            lines += [self.env._("The file itself is not what was exported:"), *map(log._describe, found["problems"])]
        return "\n".join(lines)
