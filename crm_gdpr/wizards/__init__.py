from . import crm_gdpr_access
from . import crm_gdpr_ledger_mixin
from . import crm_gdpr_log_check
from . import crm_gdpr_replay
from . import crm_gdpr_search
from . import crm_gdpr_suppression_forget
from . import crm_gdpr_touch_contacts
