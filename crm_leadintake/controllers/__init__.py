from . import xmlrpc
from . import json_api
from . import form
from . import soap
