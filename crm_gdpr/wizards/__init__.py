from . import crm_gdpr_search
