from . import crm_ticket_prepare
