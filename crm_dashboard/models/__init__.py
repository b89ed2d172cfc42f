from . import crm_process
from . import crm_lead_move
from . import crm_lead_progress
from . import crm_lead_progress_fill
from . import crm_lead_dashboard
from . import crm_lead_funnel
from . import crm_stage
from . import spreadsheet_dashboard
