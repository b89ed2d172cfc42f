from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Delete the files of e-mails that are gone; those of e-mails still to be sent go with them from now on."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    files = env["ir.attachment"].search(
        [("name", "=", "invitation.ics"), ("res_model", "=", False), ("mimetype", "=like", "text/calendar; method=%")]
    )
    used = files & env["mail.message"].search([("attachment_ids", "in", files.ids)]).attachment_ids
    used.write({"res_model": "mail.message"})
    (files - used).unlink()
