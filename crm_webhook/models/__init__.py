from . import crm_webhook
from . import crm_webhook_actions
from . import crm_webhook_delivery
from . import crm_webhook_delivery_job
from . import crm_webhook_mixin
from . import crm_lead
from . import res_partner
from . import res_config_settings
