from . import test_sharing
from . import test_step_letter
from . import test_step_todo
from . import test_call
