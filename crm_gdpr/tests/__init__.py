from . import (
    test_chain,
    test_fingerprint,
    test_log,
    test_plain,
)
