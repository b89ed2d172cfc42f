"""What was written by a person, to them, and about them."""

from collections import defaultdict

from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from ..engine.links import PERSONS
from ..tools.secret_names import is_secret
from .records import Record
from .values import Value

WROTE, RECEIVED, ABOUT = "wrote", "received", "about"
FIELDS = ("date", "message_type", "subject", "body")


def choose(selection, rows):
    """Return the ids of the messages that the person is given, and note in the selection what each is to them."""
    run = selection.run
    received = set() if run.is_colleague else _find_received(run, rows)
    as_guest = _find_written_as_guest(selection)
    run.env.cr.execute(
        SQL(
            "SELECT id, model, res_id, author_id, email_from, outgoing_email_to FROM mail_message WHERE id = ANY(%s)",
            [*(rows.keys() | received)],
        )
    )
    for row_id, model, res_id, *rest in run.env.cr.fetchall():
        relation = _get_relation(selection, row_id in received, model, res_id, *rest)
        if relation:
            selection.messages[row_id] = relation
    selection.messages |= dict.fromkeys(as_guest, WROTE)
    return set(selection.messages)


def _find_written_as_guest(selection):
    guests = selection.theirs.get("mail.guest")
    if not guests:  # no index leads from a guest to messages
        return ()
    selection.env.cr.execute(SQL("SELECT id FROM mail_message WHERE author_guest_id = ANY(%s)", list(guests)))
    return [row_id for (row_id,) in selection.env.cr.fetchall()]


def _find_received(run, rows):
    run.env.cr.execute(
        SQL(
            """
            SELECT mail_message_id FROM mail_notification WHERE res_partner_id = ANY(%(partners)s)
            UNION SELECT mail_message_id FROM mail_message_res_partner_rel WHERE res_partner_id = ANY(%(partners)s)
            UNION SELECT mail_message_id FROM mail_notification WHERE mail_message_id = ANY(%(found)s)
                     AND res_partner_id IS NULL
                     AND (mail_email_address = ANY(%(emails)s) OR %(sms_number)s = ANY(%(phones)s))
            """,
            partners=run.person.partners,
            found=list(rows),
            emails=list(run.person.identity.emails),
            phones=list(run.person.identity.phones),
            sms_number=SQL("sms_number" if "sms_number" in run.env["mail.notification"]._fields else "NULL"),
        )
    )
    return {row_id for (row_id,) in run.env.cr.fetchall()}


def _get_relation(selection, is_received, model, res_id, author_id, email_from, outgoing_to):
    person = selection.person
    if author_id in person.partners or (not author_id and _is_from(person, email_from)):
        return WROTE
    is_talk = model == "discuss.channel" and res_id in selection.run.found.get(model)
    if is_received or is_talk or _is_from(person, outgoing_to):
        return RECEIVED
    return ABOUT if res_id in selection.theirs.get(model, ()) else None


def _is_from(person, addresses):
    return bool(addresses and (person.identity.emails | person.shared) & set(email_normalize_all(addresses)))


def read(export, ids):
    """Return the Records of messages, the newest of which come first."""
    relations = export.selection.messages
    messages = export.env["mail.message"].browse(ids)
    messages.fetch([*FIELDS, "model", "res_id", "author_id"])
    messages.author_id.fetch(["name", "is_company"])
    written = [row_id for row_id in ids if relations[row_id] != ABOUT]
    about = [row_id for row_id in ids if relations[row_id] == ABOUT]
    values = export.values.read("mail.message", written, FIELDS, written=("subject", "body"))
    values |= export.values.read("mail.message", about, FIELDS, near=_find_near(export, about))
    changes = _read_changes(export, ids)
    files = export.files.get_of_messages(ids)
    return [
        Record(
            row_id,
            relations[row_id],
            _get_title(export, relations[row_id], values[row_id]),
            {**values[row_id], **_get_place(export, message)},
            changes=changes[row_id],
            files=files[row_id],
            titled_by="date",
        )
        for row_id, message in zip(ids, messages, strict=True)
    ]


def _find_near(export, ids):
    """Whom a message is from and to."""
    near = defaultdict(set)
    export.env.cr.execute(
        SQL(
            """
            SELECT id, author_id FROM mail_message WHERE id = ANY(%(ids)s) AND author_id IS NOT NULL
            UNION SELECT mail_message_id, res_partner_id FROM mail_message_res_partner_rel
                   WHERE mail_message_id = ANY(%(ids)s)
            """,
            ids=ids,
        )
    )
    for row_id, partner_id in export.env.cr.fetchall():
        near[row_id].add(partner_id)
    return near


def _get_place(export, message):
    """Who wrote it, and on what: a kind of record and a number, since what it is called may be somebody else's name."""
    told = {}
    if message.author_id and export.selection.messages[message.id] != WROTE:
        told["author"] = Value(export.values.name_of(message.author_id))
    if message.model and message.model in export.env:
        words = export.env._("%(kind)s %(number)s", kind=export.label(message.model), number=message.res_id)
        told["record"] = Value({"model": message.model, "id": message.res_id}, words, is_named=True)
    return told


def _get_title(export, relation, values):
    return f"{values['date'].text} · {export.words[relation]}"


# ------------------------------------------------------------
# Changes that were noted
# ------------------------------------------------------------


def _read_changes(export, ids):
    """What was noted as changed on the person's own records, ``{message id: [(field, old, new)]}``."""
    changes = defaultdict(list)
    messages = export.env["mail.message"].browse(ids)
    theirs = messages.filtered(lambda message: message.res_id in export.selection.theirs.get(message.model, ()))
    trackings = export.env["mail.tracking.value"].search([("mail_message_id", "in", theirs.ids)], order="id")
    for tracking in trackings:
        change = _tell_change(export, tracking)
        if change:
            changes[tracking.mail_message_id.id].append(change)
    return changes


def _tell_change(export, tracking):
    field = tracking.field_id
    info = tracking.field_info or {}
    name, kind = field.name or info.get("name") or "", field.ttype or info.get("type") or "char"
    if is_secret(name):
        return None
    label = field.field_description or info.get("desc") or name
    return (label, *(_tell_side(export, tracking, field.relation, kind, is_new) for is_new in (False, True)))


def _tell_side(export, tracking, relation, kind, is_new):
    [value] = tracking._format_display_value(kind, new=is_new)
    if value in (None, False, "") and kind != "boolean":
        return ""
    if kind in ("many2one", "many2many", "one2many") and relation in PERSONS:
        side = "new" if is_new else "old"
        record = export.env[relation].browse(tracking[f"{side}_value_integer"] if kind == "many2one" else ())
        record = record.exists()
        return export.values.name_of(record) if record else export.words["other"]
    if kind == "boolean":
        return export.env._("Yes") if value else export.env._("No")
    return export.values.take_out(str(value), has_words=True)
