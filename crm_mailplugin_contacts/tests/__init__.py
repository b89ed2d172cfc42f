from . import test_card
from . import test_connect
from . import test_contacts
from . import test_faults
from . import test_privacy
from . import test_rights
from . import test_screen
