from . import crm_choice
from . import crm_choice_list
from . import crm_team
from . import crm_ticket_status
from . import crm_ticket
