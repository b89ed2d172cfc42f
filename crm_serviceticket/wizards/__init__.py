from . import crm_ticket_close
