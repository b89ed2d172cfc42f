from . import test_addresses
from . import test_delivery
from . import test_events
from . import test_readme
from . import test_rights
from . import test_screens
from . import test_tls
from . import test_workers
