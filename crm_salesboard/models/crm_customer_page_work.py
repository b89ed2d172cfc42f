from odoo import api, fields, models
from odoo.fields import Domain

ACTIVITY_FIELDS = [
    "summary",
    "activity_type_id",
    "date_deadline",
    "date_done",
    "res_model",
    "res_id",
    "user_id",
    "active",
]
EVENT_FIELDS = ["name", "start", "stop", "allday", "start_date", "location", "user_id", "opportunity_id"]
CALL_FIELDS = ["direction", "number", "partner_id", "lead_id", "user_id", "start", "duration", "result"]
IS_OPEN = Domain("active", "=", True)
IS_DONE = Domain("active", "=", False) & Domain("date_done", "!=", False)


class CrmCustomerPage(models.AbstractModel):
    """What is planned with the customer and what was done: activities, appointments and calls."""

    _inherit = "crm.customer.page"

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    @api.model
    def _get_counted(self, customer):
        counted = super()._get_counted(customer)
        activities = self._activities_domain(customer)
        # sudo: the domain finds nothing but what the user may read, and costs one query where Odoo's search costs five
        records = self.env["mail.activity"].sudo().with_context(active_test=False)
        late = IS_OPEN & Domain("date_deadline", "<", fields.Date.context_today(self))
        for name, domain in (("open_activities", IS_OPEN), ("late_activities", late), ("done_activities", IS_DONE)):
            counted[name] = records, activities & domain
        if self.env["calendar.event"].has_access("read"):
            events = self._events_domain(customer)
            counted["upcoming_events"] = self.env["calendar.event"], events & Domain("stop", ">=", "now")
            counted["past_events"] = self.env["calendar.event"], events & Domain("stop", "<", "now")
        if self.env["crm.call"].has_access("read"):
            counted["calls"] = self.env["crm.call"], self._calls_domain(customer)
        return counted

    @api.model
    def _activities_domain(self, customer):
        """The activities on the customer, those below it, and their projects.

        As Odoo's own list has them: those on what the user may post on, and one's own.
        """
        everywhere = self._on_documents(customer)
        own = everywhere & Domain("user_id", "=", self.env.uid)
        return self._on_documents(customer, self.env["mail.thread"]._mail_post_access) | own

    @api.model
    def _block_open_activities(self, customer):
        found, _domain, count = self._first(customer, "open_activities", ACTIVITY_FIELDS, "date_deadline, id")
        late, title = customer.counted["late_activities"][-1], self.env._("Activities")
        return self._block(
            title,
            "fa-clock-o",
            2,
            count,
            [self._activity_line(customer, activity) for activity in found],
            self.env._("Nothing is planned."),
            figures=[self._figure(self.env._("Overdue"), late, alert=True)] if late else [],
            action=self._activities_action(customer, title, IS_OPEN),
            add=self._add_activity(customer),
        )

    @api.model
    def _block_done_activities(self, customer):
        found, _domain, count = self._first(customer, "done_activities", ACTIVITY_FIELDS, "date_done desc, id desc")
        title = self.env._("Activities Done")
        if not count:
            return None
        return self._block(
            title,
            "fa-check-square-o",
            3,
            count,
            [self._activity_line(customer, activity) for activity in found],
            self.env._("Nothing was done yet."),
            action=self._activities_action(customer, title, IS_DONE, active_test=False),
        )

    @api.model
    def _activity_line(self, customer, activity):
        kind = activity.activity_type_id
        return self._line(
            activity,
            activity.summary or kind.name,
            icon=kind.icon or "fa-tasks",
            date=activity.date_deadline if activity.active else activity.date_done,
            late=activity.active and activity.date_deadline < fields.Date.context_today(self),
            user_id=activity.user_id.id,
            **self._stands_on(customer, activity.res_model, activity.res_id),
        )

    @api.model
    def _stands_on(self, customer, model, res_id):
        """Which contact person or project a line belongs to; the project's name is added to all lines at once."""
        if model == "crm.lead":
            return {"lead_id": res_id, "open": {"model": model, "id": res_id}}
        return {"who": customer.name_of(res_id), "open": {"model": model, "id": res_id}}

    @api.model
    def _activities_action(self, customer, title, domain, **context):
        domain &= self._on_documents(customer)
        return self._list_action(title, "mail.activity", domain, ("list", "kanban", "form"), **context)

    @api.model
    def _add_activity(self, customer):
        """Odoo's dialog, which goes to several colleagues at once."""
        partner = customer.partner
        if not partner.has_access(partner._mail_post_access):
            return False
        title = self.env._("Plan an activity")
        context = {"active_model": partner._name, "active_id": partner.id, "active_ids": partner.ids}
        return {
            "label": title,
            "action": self._form_action(title, "mail.activity.schedule", "new", dialog_size="large", **context),
        }

    # ------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------

    @api.model
    def _events_domain(self, customer):
        domain = Domain("partner_ids", "in", customer.ids)
        return domain | Domain("opportunity_id", "in", customer.lead_ids) if customer.lead_ids else domain

    @api.model
    def _block_upcoming_events(self, customer):
        title, partner = self.env._("Appointments"), customer.partner
        people = [partner.id, self.env.user.partner_id.id]
        new = self.env._("New appointment")
        return self._events_block(
            customer,
            "upcoming_events",
            title,
            "fa-calendar",
            2,
            self.env._("No appointments ahead."),
            add=lambda: self._add(
                "calendar.event",
                new,
                self._form_action(new, "calendar.event", default_partner_ids=people, default_name=partner.name),
            ),
        )

    @api.model
    def _block_past_events(self, customer):
        return self._events_block(
            customer,
            "past_events",
            self.env._("Past Appointments"),
            "fa-calendar-check-o",
            3,
            self.env._("No appointments yet."),
        )

    @api.model
    def _events_block(self, customer, name, title, icon, column, empty, add=None):
        if name not in customer.counted:
            return None
        records, domain, count = customer.counted[name]
        if not customer.first_events:
            orders = {"upcoming_events": "start, id", "past_events": "start desc, id desc"}
            kinds = {kind: (*customer.counted[kind][1:], order) for kind, order in orders.items()}
            customer.first_events = self._first_of_each(records, kinds, EVENT_FIELDS)
        if not count and not add:
            return None
        return self._block(
            title,
            icon,
            column,
            count,
            [self._event_line(event) for event in customer.first_events[name]],
            empty,
            action=self._list_action(title, "calendar.event", domain, ("list", "calendar", "form")),
            add=add() if add else False,
        )

    @api.model
    def _event_line(self, event):
        return self._line(
            event,
            event.display_name,
            text=event.location,
            date=event.start_date if event.allday else event.start,
            user_id=event.user_id.id,
            lead_id=event.opportunity_id.id,
        )

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    @api.model
    def _calls_domain(self, customer):
        domain = Domain("partner_id", "in", customer.ids)
        return domain | Domain("lead_id", "in", customer.lead_ids) if customer.lead_ids else domain

    @api.model
    def _block_calls(self, customer):
        calls = self.env["crm.call"]
        if "calls" not in customer.counted:
            return None
        found, domain, count = self._first(customer, "calls", CALL_FIELDS, calls._order)
        title, partner = self.env._("Calls"), customer.partner
        selections = ("direction", "result")
        described = {name: dict(calls._fields[name]._description_selection(self.env)) for name in selections}
        context = {"default_partner_id": partner.id, "default_number": partner.phone}
        return self._block(
            title,
            "fa-phone",
            2,
            count,
            [self._call_line(customer, call, described) for call in found],
            self.env._("No calls yet."),
            action=self._list_action(title, "crm.call", domain, ("list", "kanban", "form"), **context),
            add=self._add(
                "crm.call",
                self.env._("Log a call"),
                self._form_action(self.env._("Log a Call"), "crm.call", "new", **context),
            ),
        )

    @api.model
    def _call_line(self, customer, call, described):
        minutes, seconds = divmod(call.duration, 60)
        parts = [described["result"].get(call.result), call.duration and f"{minutes}:{seconds:02}"]
        return self._line(
            call,
            f"{described['direction'][call.direction]} {call.number or ''}".strip(),
            icon="fa-arrow-down" if call.direction == "in" else "fa-arrow-up",
            text=", ".join(filter(None, parts)),
            date=call.start,
            who=customer.name_of(call.partner_id.id),
            user_id=call.user_id.id,
            lead_id=call.lead_id.id,
        )
