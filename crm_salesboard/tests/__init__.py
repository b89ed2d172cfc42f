from . import test_board, test_closing, test_install, test_moves, test_process, test_sales_board_screen
