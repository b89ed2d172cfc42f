from . import outlook_contacts
