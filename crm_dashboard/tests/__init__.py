from . import test_funnel_screen
