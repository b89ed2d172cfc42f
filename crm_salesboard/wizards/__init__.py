from . import (
    crm_board_put,
    crm_call_assign,
    crm_custom_field_remove,
    crm_lead_contact_link,
    crm_lead_lost,
    crm_lead_order,
    crm_team_process_switch,
    mail_activity_schedule,
)
