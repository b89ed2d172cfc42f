from . import (
    base_partner_merge,
    crm_board_put,
    crm_board_put_batch,
    crm_board_put_line,
    crm_call_assign,
    crm_custom_field_remove,
    crm_lead_contact_link,
    crm_lead_lost,
    crm_lead_order,
    crm_private_customers,
    crm_team_process_switch,
    mail_activity_schedule,
)
