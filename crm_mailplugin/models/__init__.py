from . import crm_mail_plugin
from . import crm_mail_plugin_create
from . import crm_mail_plugin_log
from . import ir_http
