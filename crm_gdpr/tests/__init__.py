from . import (
    test_chain,
    test_file_text,
    test_fingerprint,
    test_hold,
    test_ledger,
    test_log,
    test_matching,
    test_plain,
    test_residue,
    test_replay,
    test_suppression,
    test_suppression_doors,
)
