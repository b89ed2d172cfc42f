from . import access
from . import ledger
