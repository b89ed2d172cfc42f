from . import test_step_committed
