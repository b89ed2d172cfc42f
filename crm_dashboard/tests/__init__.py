from . import test_dashboard
from . import test_funnel
from . import test_funnel_drill
from . import test_funnel_rights
from . import test_funnel_screen
from . import test_progress
from . import test_progress_cost
from . import test_progress_fill
