from . import (
    test_board,
    test_closing,
    test_custom_field,
    test_deadline,
    test_screens,
    test_ticket,
    test_views,
)
