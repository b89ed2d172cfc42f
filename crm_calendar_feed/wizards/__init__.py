from . import crm_calendar_feed_address
from . import mail_activity_schedule
