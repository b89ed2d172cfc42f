import re
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

# The characters that a text may have as it is pasted, markup included: a book, but no photo.
MAX_TEXT = 500_000
# What names a note where there is room for a line.
NAME_LENGTH = 80
LINE_LENGTH = 250
# A context key can come from outside, this value cannot.
_TAKEN_ALONG = object()
# A text that could as well have been typed into one line.
_PLAIN = re.compile(r"\s*(?:<(p|div)>)?[^<]*(?:<br\s*/?>)?(?:</(p|div)>)?\s*")


def _now():
    return datetime.now(UTC).replace(tzinfo=None)


class CrmNote(models.Model):
    """What happened with a customer and what has to be done about it, by whom and when.

    Everybody who may see the customer, and the project if there is one, sees the note.
    """

    _name = "crm.note"
    _description = "CRM Note"
    _inherit = ["crm.access.mixin", "crm.custom.field.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ("plain_text", "partner_id")

    date = fields.Datetime(
        required=True, index=True, default=fields.Datetime.now, copy=False, help="When it happened or was said."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="cascade",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer's Company",
        related="partner_id.commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    lead_id = fields.Many2one(index="btree_not_null", ondelete="set null")
    text = fields.Html("Note", sanitize_style=True)
    summary = fields.Char(
        "Note in a Line",
        compute="_compute_summary",
        readonly=False,
        search="_search_summary",
        help="The beginning of the note. Written here, it is the note.",
    )
    is_plain = fields.Boolean(compute="_compute_summary", exportable=False)
    activity_type_id = fields.Many2one("mail.activity.type", "Action", index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        "Who",
        index="btree_not_null",
        domain=[("share", "=", False)],
        help="Who has to do it. It is in their activities as well.",
    )
    date_deadline = fields.Date(
        "By",
        compute="_compute_date_deadline",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        copy=False,
        help="The day by which it has to be done.",
    )
    status_id = fields.Many2one(
        "crm.note.status",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        group_expand="_read_group_status_id",
    )
    status_date = fields.Datetime(
        "Status Since", compute="_compute_status_date", store=True, precompute=True, readonly=False, copy=False
    )
    is_closed = fields.Boolean("Closed", related="status_id.closes", store=True, precompute=True)
    state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("today", "Today"),
            ("planned", "Planned"),
            ("done", "Done"),
        ],
        "Follow-up",
        compute="_compute_state",
        search="_search_state",
        help="Where what has to be done stands. Empty where nobody has to do anything.",
    )
    can_edit = fields.Boolean(compute="_compute_can_edit", exportable=False)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, readonly=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _open_index = models.Index("(user_id, date_deadline) WHERE is_closed IS NOT TRUE")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for note in self:
            note.partner_id = note.partner_id or note.lead_id.partner_id

    @api.depends("lead_id")
    def _compute_company_id(self):
        for note in self:
            note.company_id = note.lead_id.company_id or note.company_id or self.env.company

    @api.depends("user_id", "activity_type_id")
    def _compute_date_deadline(self):
        for note in self:
            if note.user_id and not note.date_deadline and not note.is_closed:
                action = note.activity_type_id
                note.date_deadline = action._get_date_deadline() if action else fields.Date.context_today(self)
            else:
                note.date_deadline = note.date_deadline

    @api.depends("status_id")
    def _compute_status_date(self):
        # To the microsecond: of two statuses the later one is the customer's.
        now, today = _now(), fields.Date.context_today(self)
        for note in self:
            date = note.date or now
            is_history = not note._origin.id and fields.Datetime.context_timestamp(note, date).date() < today
            note.status_date = note.status_id and (date if is_history else now)

    @api.depends("text", "plain_text")
    def _compute_summary(self):
        for note in self:
            line = note.plain_text or ""
            note.summary = line[:LINE_LENGTH]
            note.is_plain = len(line) <= LINE_LENGTH and bool(_PLAIN.fullmatch(note.text or ""))

    @api.depends("date_deadline", "user_id", "is_closed")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for note in self:
            if note.is_closed:
                note.state = "done"
            elif not note.user_id or not note.date_deadline:
                note.state = False
            elif note.date_deadline < today:
                note.state = "overdue"
            else:
                note.state = "today" if note.date_deadline == today else "planned"

    @api.depends_context("uid")
    def _compute_can_edit(self):
        new = self.filtered(lambda note: not note._origin.id)
        editable = new | (self - new)._filtered_access("write")
        for note in self:
            note.can_edit = note in editable

    @api.depends("text", "activity_type_id")
    def _compute_display_name(self):
        # Never the customer: an error message about a note that one may not see has its name.
        for note in self:
            parts = [note.activity_type_id.name, (note.summary or "")[:NAME_LENGTH]]
            note.display_name = ": ".join(part for part in parts if part) or self.env._("Note")

    @api.model
    def _read_group_status_id(self, statuses, domain):
        """Every status that is offered is a column of the kanban, also without notes."""
        return statuses | statuses.search([])

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    @api.model
    def _get_access_domain(self):
        """Notes on customers that the user may see, without those on projects that the user may not."""
        no_project = Domain("lead_id", "=", False)
        if self.env["crm.lead"].has_access("read"):
            no_project |= Domain("lead_id", "any", [])
        return Domain("partner_id", "any", []) & no_project

    def _filter_out_of_reach(self, operation):
        """Those of these notes whose customer or project the user may not read; to write notes takes no more."""
        # sudo: only to learn which customer and project to ask for, which are then asked as the user
        places = {note.id: (note.partner_id.id, note.lead_id.id) for note in self.sudo()}
        partners = self._within_reach("res.partner", {partner for partner, _lead in places.values()})
        leads = self._within_reach("crm.lead", {lead for _partner, lead in places.values() if lead})
        return self.browse(
            note for note, (partner, lead) in places.items() if partner not in partners or (lead and lead not in leads)
        )

    @api.model
    def _within_reach(self, model, ids):
        """Those of some records that the user may read. One that is hidden is like one that never was."""
        records = self.env[model].with_context(active_test=False)
        if not ids or not records.has_access("read"):
            return set()
        return set(records.search([("id", "in", list(ids))])._ids)

    @api.model
    def _check_places(self, vals_list):
        """Refuse customers and projects that the user may not see, before anything is done that could tell of them.

        :raise AccessError: in the same words, whether they are hidden or not there
        """
        for name, model in (("partner_id", "res.partner"), ("lead_id", "crm.lead")) if not self.env.su else ():
            ids = {vals[name] for vals in vals_list if vals.get(name)}
            if ids - self._within_reach(model, ids):
                raise AccessError(self.env._("You have no access to this customer or project."))

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.model
    def _check_text_size(self, vals_list):
        if any(len(vals.get("text") or "") > MAX_TEXT for vals in vals_list):
            raise UserError(
                self.env._(
                    "The note is too long: it has at most %(max)s characters, with all its markup. Put a long text or "
                    "a picture into a document instead.",
                    max=MAX_TEXT,
                )
            )

    def _check_follow_up(self):
        """Refuse to plan for a day that has passed. What happened is written with a status that closes it."""
        today = fields.Date.context_today(self)
        for note in self:
            if note.date_deadline and note.date_deadline < today and not note.is_closed:
                raise ValidationError(
                    self.env._(
                        "%(date)s has passed. Choose today or a later day for the follow-up or, if it is done already, "
                        "a status that closes it.",
                        date=fields.Date.to_string(note.date_deadline),
                    )
                )

    def _taken_along(self):
        """These notes, to be moved with what they are on: a task that somebody has does not keep that from going."""
        # sudo: as for messages, what hangs on a customer or project comes along, whoever may change it
        return self.sudo().with_context(crm_note_taken_along=_TAKEN_ALONG)

    @api.constrains("user_id", "partner_id", "lead_id")
    def _check_user_sees_it(self):
        """Refuse to give somebody a task that they could not find, or who does not work here.

        :raise ValidationError: it names the user and what to do
        """
        if self.env.context.get("crm_note_taken_along") is _TAKEN_ALONG:
            return
        open_notes = self.filtered(lambda note: note.user_id and note.user_id != self.env.user and not note.is_closed)
        for user, notes in open_notes.grouped("user_id").items():
            # sudo: who works here is known from every list of users
            if user.sudo().share or not user.sudo().active:
                raise ValidationError(
                    self.env._("%(user)s is no employee, or has left. Choose a colleague.", user=user.sudo().name)
                )
            # sudo: for which companies a colleague works
            as_user = notes.with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids)
            if as_user._filter_out_of_reach("read"):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not see this customer or project, and would not find what to do. Choose somebody "
                        "else, or link %(user)s to the project first.",
                        user=user.name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Write notes.

        :raise AccessError: on a customer or project that the user may not see
        :raise ValidationError: with a follow-up in the past that is not closed
        :raise UserError: with a text that is too long
        """
        self.browse().check_access("create")
        self._check_places(vals_list)
        self._check_text_size(vals_list)
        notes = super().create([self._with_text(self._not_ahead(vals)) for vals in vals_list])
        notes._propose_day()
        notes._check_follow_up()
        return notes

    def write(self, vals):
        """Change notes.

        :raise AccessError: to a customer or project that the user may not see
        :raise ValidationError: to a day in the past
        :raise UserError: to a text that is too long
        """
        self._check_places([vals])
        if not self._follows_activity():  # done there is done, however much was said about it
            self._check_text_size([vals])
        newly_planned = self.browse()
        if vals.get("date_deadline") and not self._follows_activity():
            date = fields.Date.to_date(vals["date_deadline"])
            newly_planned = self.filtered(lambda note: note.date_deadline != date)
        res = super().write(self._with_text(self._not_ahead(vals)))
        if "partner_id" in vals:
            # Odoo checks before writing: the customer that it is moved to must be in reach as well.
            self.check_access("write")
        if vals.keys() & {"date_deadline", "user_id", "status_id"}:
            self._propose_day()
        newly_planned._check_follow_up()
        return res

    def _propose_day(self):
        """What somebody has to do has a day: without one no list would show that it is late."""
        without = self.filtered(lambda note: note.user_id and not note.is_closed and not note.date_deadline)
        if without:
            self.env.add_to_compute(self._fields["date_deadline"], without)
            without.modified(["user_id"])

    @api.model
    def _not_ahead(self, vals):
        """A status counts from now at the latest: one of tomorrow would be the customer's whatever comes today."""
        ahead = {
            name: _now()
            for name in ("status_date", "sales_status_date")
            if vals.get(name) and fields.Datetime.to_datetime(vals[name]) > _now()
        }
        return {**vals, **ahead}

    @api.model
    def _with_text(self, vals):
        """The text is the note, and its line a way to write it."""
        if "summary" not in vals:
            return vals
        line = vals["summary"]
        text = {"text": plaintext2html(line) if line else False}
        return {**text, **{name: value for name, value in vals.items() if name != "summary"}}

    @api.model
    def _follows_activity(self):
        """Whether what is written comes from Odoo's own list of activities, where any day can be chosen."""
        return False

    @api.model
    def default_get(self, fields):
        """In the quick entry a note begins like the last one that the user wrote: same customer, project and action."""
        values = super().default_get(fields)
        if self.env.context.get("crm_note_like_last"):
            last = self.search([("create_uid", "=", self.env.uid)], order="id desc", limit=1)
            for name in ("partner_id", "lead_id", "activity_type_id"):
                if name in fields and name not in values and last[name]:
                    values[name] = last[name].id
        return values

    def action_done(self):
        """Give these notes the first status that closes them; their activities are done by that."""
        self.filtered(lambda note: not note.is_closed).write(
            {"status_id": self.env["crm.note.status"]._closing_status().id}
        )

    # ------------------------------------------------------------
    # Views
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, *args, opening_info=None, **kwargs):
        """Open the column of the notes without a status, which Odoo folds: those are the ones to look at."""
        if not opening_info and kwargs.get("auto_unfold") and groupby[0] in ("status_id", "activity_type_id"):
            limit = kwargs.get("unfold_read_default_limit", 80)
            opening_info = [{"value": False, "folded": False, "limit": limit, "offset": 0}]
        return super().web_read_group(domain, groupby, *args, opening_info=opening_info, **kwargs)

    @api.model
    def _custom_form_places(self, arch):
        group = arch.find(".//group[@name='note']")
        return ((group, "after"), (group, "after")) if group is not None else None
