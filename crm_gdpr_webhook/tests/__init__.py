from . import test_anonymised
