from . import crm_ticket_client
from . import mail_plugin
