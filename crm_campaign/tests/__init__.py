from . import test_group
from . import test_group_at_once
from . import test_group_change
from . import test_group_customer
from . import test_group_rights
from . import test_group_screen
from . import test_step_committed
