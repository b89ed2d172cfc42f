from . import crm_intake_key_renew
from . import crm_lead_inbox_correct
