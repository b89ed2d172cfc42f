from . import (
    test_address,
    test_batch,
    test_batch_again,
    test_batch_rights,
    test_hostile,
    test_letter,
    test_page,
    test_placeholders,
    test_rights,
    test_screens,
    test_uninstall,
)
