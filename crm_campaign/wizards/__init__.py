from . import crm_campaign_add
