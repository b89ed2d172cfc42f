from . import (
    test_chain,
    test_file_text,
    test_fingerprint,
    test_hold,
    test_log,
    test_matching,
    test_plain,
    test_residue,
    test_suppression,
    test_suppression_doors,
)
