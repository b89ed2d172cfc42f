from . import (
    test_chain,
    test_fingerprint,
    test_hold,
    test_log,
    test_matching,
    test_plain,
    test_suppression,
)
