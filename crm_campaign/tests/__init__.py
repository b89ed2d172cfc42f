from . import (
    test_group,
    test_group_at_once,
    test_group_change,
    test_group_customer,
    test_group_rights,
    test_group_screen,
)
