from . import crm_webhook
from . import crm_webhook_delivery
from . import crm_gdpr_request_line
