from odoo.tools import sql


def migrate(cr, version):
    """Drop what the inbox is no longer searched by; Odoo keeps the indexes of fields that had one."""
    for column in ("company_id", "state"):
        sql.drop_index(cr, f"crm_lead_inbox__{column}_index", "crm_lead_inbox")
