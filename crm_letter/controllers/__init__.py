from . import crm_letter
