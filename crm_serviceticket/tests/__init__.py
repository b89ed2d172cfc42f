from . import (
    test_closing,
    test_deadline,
    test_ticket,
)
