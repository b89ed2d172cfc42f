from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html
from odoo.tools.misc import clean_context

# A context key can come from outside, this value cannot.
_FOLLOWING = object()
# What of an activity follows what of its note. Nothing else is written: a word of whoever delegated it stays.
FOLLOWED_BY_ACTIVITY = {
    "user_id": {"user_id", "date_deadline"},
    "date_deadline": {"date_deadline"},
    "activity_type_id": {"activity_type_id", "date_deadline"},
    "lead_id": {"res_model_id", "res_id"},
    "partner_id": {"res_model_id", "res_id"},
    "text": {"summary", "note"},
    "summary": {"summary", "note"},
}
PLANNED_FIELDS = FOLLOWED_BY_ACTIVITY.keys() | {"status_id"}
# Of more at once nobody gets a mail for each: their list of activities shows them.
MAX_MAILS = 10


class CrmNote(models.Model):
    """A note that somebody has to do something about is an activity in Odoo's own list, one to one.

    As long as the note is open and has a user it has an activity on its project or, without one, on its customer.
    Both sides write but what differs on the other: so neither calls the other back.
    """

    _inherit = "crm.note"

    activity_id = fields.Many2one("mail.activity", readonly=True, copy=False, ondelete="set null", exportable=False)

    _activity_once = models.UniqueIndex("(activity_id) WHERE activity_id IS NOT NULL", "An activity is of one note.")

    @api.model_create_multi
    def create(self, vals_list):
        context = {name: value for name, value in self.env.context.items() if name != "default_activity_id"}
        notes = super(CrmNote, self.with_context(context)).create([self._without_activity(vals) for vals in vals_list])
        notes._plan()
        return notes

    def write(self, vals):
        if not self.env.su:
            vals = self._without_activity(vals)
        res = super().write(vals)
        if vals.keys() & PLANNED_FIELDS and not self._follows_activity():
            self._plan(vals.keys())
        return res

    @api.model
    def _without_activity(self, vals):
        """Values without what is not for the caller to say: by the note one reads, takes over and finishes it."""
        return {name: value for name, value in vals.items() if name != "activity_id"}

    def unlink(self):
        """Delete notes; what is still to be done about them goes from Odoo's list as well."""
        # sudo: whoever may delete the note, which super checks, may take it off the list
        activities = self.sudo().activity_id.filtered("active")
        res = super().unlink()
        if activities:
            activities.unlink()
        return res

    @api.model
    def _follows_activity(self):
        return self.env.context.get("crm_note_follows") is _FOLLOWING or super()._follows_activity()

    # ------------------------------------------------------------
    # To Odoo's list
    # ------------------------------------------------------------

    def _plan(self, changed=()):
        """Bring the activities in line with these notes: make, change, finish or drop them.

        :param changed: names of the fields that were written. Who does it among them, activities that nobody has to do
            any more are dropped; else they may wait in Odoo's list for somebody to take them.
        """
        # sudo: whoever may write a note plans by it; the rights to the note have been checked
        notes = self.sudo().with_context(self._activity_context())
        planned = notes.filtered("activity_id.active")
        wanted = notes.filtered(lambda note: note.user_id and not note.is_closed)
        closed = planned.filtered("is_closed")
        waiting = planned - wanted - closed
        if closed:
            closed.activity_id._action_done()
        if "user_id" in changed and waiting:
            waiting.activity_id.unlink()
            waiting = waiting.browse()
        ((wanted & planned) | waiting)._change_activities(changed)
        if new := wanted - planned:
            new._create_activities()

    def _create_activities(self):
        # Written first: of two who plan the same note at once the second waits here, and its request is repeated.
        self.flush_recordset()
        activities = self.env["mail.activity"].create([note._prepare_activity() for note in self])
        for note, activity in zip(self, activities, strict=True):
            note.activity_id = activity

    def _change_activities(self, changed):
        names = {name for field in changed for name in FOLLOWED_BY_ACTIVITY.get(field, ())}
        if not names:
            return
        changes = {}
        for note in self:
            values = note._prepare_activity()
            changes[note.activity_id] = {name: values[name] for name in names}
        _write_by_groups(changes)

    def _activity_context(self):
        """The context to plan in. What the caller's proposes is for the note: not who asked, nor an appointment."""
        is_quiet = len(self) > MAX_MAILS or self.env.context.get("mail_activity_quick_update", False)
        return {**clean_context(self.env.context), "mail_activity_quick_update": is_quiet}

    def _prepare_activity(self):
        """The values of the activity that stands for the note."""
        document = self.lead_id or self.partner_id
        return {
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "res_id": document.id,
            "activity_type_id": (self.activity_type_id or self._default_action()).id,
            "user_id": self.user_id.id,
            "date_deadline": self.date_deadline or fields.Date.context_today(self),
            "summary": (self.summary or "")[:80] or False,
            "note": self.text or False,
        }

    @api.model
    def _default_action(self):
        """What an activity is about whose note does not say it."""
        todo = self.env["ir.model.data"]._xmlid_to_res_id("mail.mail_activity_data_todo")
        return self.env["mail.activity.type"].browse(todo or [])

    # ------------------------------------------------------------
    # From Odoo's list
    # ------------------------------------------------------------

    @api.model
    def _of_activities(self, activities):
        """The notes that activities stand for, whoever may see them."""
        if not activities.ids:
            return self.browse()
        # sudo: what is done, moved or handed over in Odoo's list is so here; the rights to the activity are checked
        notes = self.sudo().with_context(crm_note_follows=_FOLLOWING)
        return notes.search([("activity_id", "in", activities.ids)])

    def _follow_done(self):
        """Their activities are done: give those that are open the first status that closes."""
        if still_open := self.filtered(lambda note: not note.is_closed):
            still_open.write({"status_id": self.env["crm.note.status"]._closing_status().id})

    def _follow_reopened(self):
        """Brought back there: what is to be done is open again, and what was said of the customer still holds."""
        for status, notes in self.filtered("is_closed").grouped("sales_status_id").items():
            notes.write({"status_id": False, "sales_status_id": status.id})

    def _follow_change(self, vals):
        """Take over who has to do it, by when, or what."""
        default_action = self._default_action().id
        changes = {note: dict(vals) for note in self}
        for note, values in changes.items():
            if not note.activity_type_id and values.get("activity_type_id") == default_action:
                del values["activity_type_id"]
        _write_by_groups(changes)

    def _let_go(self):
        """Nobody has to do it any more, here and in Odoo's list, where it waits on the customer or project."""
        activities = self.activity_id.filtered("active")
        activities.user_id = False
        (self - self._of_activities(activities)).with_context(crm_note_follows=_FOLLOWING).user_id = False

    def _append_feedback(self, feedback):
        """Keep what was said when the activity was marked as done."""
        for note in self:
            note.text = (note.text or Markup()) + plaintext2html(feedback)


def _write_by_groups(changes):
    """Write what is not there yet, those with the same changes at once.

    :param changes: ``{record: values}``
    """
    groups = {}
    for record, values in changes.items():
        missing = frozenset((name, value) for name, value in values.items() if _differs(record, name, value))
        if missing:
            groups.setdefault(missing, []).append(record)
    for missing, records in groups.items():
        records[0].union(*records[1:]).write(dict(missing))


def _differs(record, name, value):
    """Whether a value that is about to be written is not there yet."""
    current = record[name]
    if isinstance(current, models.BaseModel):
        current = current.id
    elif isinstance(current, date):
        value = fields.Date.to_date(value)
    return (current or False) != (value or False)
