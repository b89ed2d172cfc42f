from . import test_access
from . import test_creating
from . import test_filing
from . import test_filing_at_once
from . import test_links
from . import test_logged_email
from . import test_seeing
