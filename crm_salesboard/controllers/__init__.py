from . import crm_board_export
