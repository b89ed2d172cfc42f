from . import crm_outlook_disconnect
