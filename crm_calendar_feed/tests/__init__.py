from . import test_feed
from . import test_feed_address
from . import test_feed_content
from . import test_ics
from . import test_invitation
from . import test_invitation_follow_ups
from . import test_invitation_series
from . import test_screen
