from . import crm_lead
from . import spreadsheet_dashboard
from . import utm_campaign
