from . import test_sales_board_screen
