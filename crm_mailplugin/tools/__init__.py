from . import logged_email
