"""Which fields of a model a person is told: all that are stored, but what is technical or secret."""

from ..engine.links import PERSONS
from ..engine.policy import TECHNICAL, is_derived
from ..handlers import get_handler
from ..tools.secret_names import is_secret

NO_ACCESS = "."
# says how Odoo works, and nothing about anybody
MACHINERY = ("ir.", "mail.", "base.", "res.groups", "discuss.", "bus.", "calendar.")
OF_ODOO = {"calendar_last_notif_ack", "message_bounce", "partner_share", "iap_enrich_done", "reveal_id"}
UNTOLD_TYPES = ("one2many", "many2one_reference", "reference", "binary")


def get_told_fields(env, model):
    """The names of the fields that the person is told of rows that are theirs."""
    handler = get_handler(model)
    fields = env[model]._fields
    if handler.export_fields is not None:
        return [name for name in handler.export_fields if name in fields and not is_secret(name)]
    told = [name for name, field in fields.items() if _is_told(field)]
    return [*told, "create_date"] if "create_date" in fields else told


def _is_told(field):
    if not field.store or field.name in TECHNICAL | OF_ODOO or field.groups == NO_ACCESS or field.type in UNTOLD_TYPES:
        return False
    if is_secret(field.name) or is_derived(field):
        return False
    if field.type == "many2many" and field.comodel_name in PERSONS:
        return False
    return not (field.relational and field.comodel_name.startswith(MACHINERY))
