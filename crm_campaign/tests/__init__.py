from . import test_step_committed
from . import test_step
from . import test_outcome
from . import test_step_sms
