from . import test_board
from . import test_custom_field
from . import test_screens
from . import test_views
