from . import (
    crm_activity_report,
    crm_lead,
    crm_lead_closing,
    crm_lead_move,
    crm_lead_salesboard,
    crm_lost_reason,
    crm_process,
    crm_process_column,
    crm_stage,
    crm_team,
    crm_team_stage_map,
    res_users_settings,
)
