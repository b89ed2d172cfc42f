from . import crm_gdpr_log
from . import crm_gdpr_log_head
from . import crm_gdpr_log_key
from . import crm_gdpr_log_verify
from . import crm_gdpr_log_words
