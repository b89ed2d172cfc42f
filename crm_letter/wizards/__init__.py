from . import crm_letter_preview
