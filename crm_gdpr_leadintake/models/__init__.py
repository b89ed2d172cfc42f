from . import crm_intake_source
from . import crm_lead_inbox
