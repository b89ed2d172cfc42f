from . import crm_lead_lost, crm_lead_order, crm_team_process_switch
