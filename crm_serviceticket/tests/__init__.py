from . import (
    test_automatic_mails,
    test_closing,
    test_deadline,
    test_loops,
    test_mail,
    test_rights,
    test_team,
    test_ticket,
)
