from . import test_links
from . import test_portal
from . import test_prepare_at_once
from . import test_prepare_credit_note
from . import test_prepare_order
from . import (
    test_board,
    test_closing,
    test_custom_field,
    test_deadline,
    test_loops,
    test_mail,
    test_mail_texts,
    test_rights,
    test_screens,
    test_team,
    test_ticket,
    test_uninstall,
    test_views,
)
