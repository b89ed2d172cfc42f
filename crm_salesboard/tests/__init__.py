from . import (
    test_board,
    test_closing,
    test_custom_field,
    test_install,
    test_moves,
    test_native,
    test_process,
    test_rights,
    test_rpc,
    test_sales_board_screen,
    test_search_list,
)
