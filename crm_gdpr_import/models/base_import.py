from odoo import api, models

SHOWN = 20


class BaseImportImport(models.TransientModel):
    """Rows that were left out are told apart from errors.

    The web client takes any message for a failure, and offers to import the file once more: with the other rows in the
    database already, these would be there twice. So the message goes to the user beside the result.
    """

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        # where the part of the file begins that is imported now; Odoo takes some options out on its way
        first_row = options.get("skip", 0) + (2 if options.get("has_headers") else 1)
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        messages = result.get("messages", [])
        left_out = [message for message in messages if message.get("gdpr_left_out")]
        if left_out and result.get("ids") and not dryrun:
            result["messages"] = [message for message in messages if not message.get("gdpr_left_out")]
            self._tell_left_out([message["rows"]["from"] + first_row for message in left_out])
        return result

    @api.model
    def _tell_left_out(self, rows):
        """Name rows of the file to the user, without a word of what is in them."""
        shown = ", ".join(map(str, rows[:SHOWN])) + (" …" if len(rows) > SHOWN else "")
        message = self.env._(
            "%(count)s rows are of persons who were anonymised: %(rows)s. They were left out, and the others imported.",
            count=len(rows),
            rows=shown,
        )
        notification = {"type": "warning", "title": self.env._("Rows Left Out"), "message": message, "sticky": True}
        self.env.user._bus_send("simple_notification", notification)
