"""What is to be done, and meetings."""

from datetime import timedelta

from odoo import Command

from tests.gdpr.cast import plant


@plant
def activities(cast):
    """To do and done, on her records and on those of others."""
    person = cast.person
    for record in (cast.partner, cast.lead, cast.other_lead):
        activity = record.with_user(cast.colleague).activity_schedule(
            "mail.mail_activity_data_call",
            summary=f"Bel {person.name}",
            note=f"<p>{person.former} op {person.mobile}</p>",
            user_id=cast.colleague.id,
        )
        cast.at(activity, "summary", "note")
        done = record.with_user(cast.colleague).activity_schedule(
            "mail.mail_activity_data_todo", summary=f"Taart voor {person.name}", user_id=cast.colleague.id
        )
        message = done.action_feedback(feedback=f"{person.reversed_name} was blij")
        cast.at(done.with_env(cast.env), "summary", "feedback")
        cast.at(cast.env["mail.message"].browse(message), "body")
    cast.at(
        cast.env["mail.activity"].search([("res_model", "=", "res.partner"), ("res_id", "=", cast.partner.id)]),
        "res_name",
    )


@plant
def activities_to_plan(cast):
    """Kinds and plans of activities with words about her."""
    person = cast.person
    kind = cast.env["mail.activity.type"].create(
        {
            "name": f"Bezoek {person.name}",
            "summary": f"Koffie met {person.name}",
            "default_note": f"<p>Neem {person.former} mee</p>",
        }
    )
    cast.at(kind, "name", "summary", "default_note")
    plan = cast.env["mail.activity.plan"].create(
        {
            "name": f"Onthaal {person.name}",
            "res_model": "crm.lead",
            "template_ids": [
                Command.create(
                    {
                        "activity_type_id": kind.id,
                        "summary": f"Groet {person.name}",
                        "note": f"<p>{person.former}</p>",
                        "responsible_type": "on_demand",
                    }
                )
            ],
        }
    )
    cast.at(plan, "name")
    cast.at(plan.template_ids, "summary", "note")


@plant
def activity_dialog(cast):
    """A dialog in which a colleague plans one."""
    person = cast.person
    kind = cast.env.ref("mail.mail_activity_data_todo")
    dialog = cast.as_colleague("mail.activity.schedule").create(
        {
            "res_model": "crm.lead",
            "res_ids": repr(cast.other_lead.ids),
            "summary": f"Vraag {person.name}",
            "note": f"<p>{person.name}</p>",
            "activity_type_id": kind.id,
        }
    )
    cast.at(dialog, "summary", "note")


@plant
def meetings(cast):
    """With her: she has accepted by the link in the invitation."""
    person = cast.person
    start = cast.in_days(4)
    times = {"start": start, "stop": start + timedelta(hours=1)}
    alarm = cast.env["calendar.alarm"].create(
        {
            "name": f"Sms {person.name}",
            "alarm_type": "notification",
            "duration": 1,
            "interval": "hours",
            "body": f"<p>{person.name}</p>",
        }
    )
    cast.at(alarm, "name", "body")
    meeting = cast.as_colleague("calendar.event").create(
        {
            **times,
            "name": f"Bezoek aan {person.name}",
            "description": f"<p>Bel {person.landline}</p>",
            "notes": f"<p>{person.former} weet ervan</p>",
            "location": f"{person.street}, {person.zip} {person.city}",
            "videocall_location": f"https://meet.example/{person.first}-{person.last}",
            "partner_ids": [Command.set((cast.partner | cast.colleague.partner_id).ids)],
            "opportunity_id": cast.lead.id,
            "alarm_ids": [Command.set(alarm.ids)],
        }
    )
    cast.at(meeting, "name", "description", "notes", "location", "videocall_location")
    hers = meeting.attendee_ids.filtered(lambda attendee: attendee.partner_id == cast.partner)
    cast.at(hers, "common_name")
    answer = cast.get(f"/calendar/meeting/accept?token={hers.access_token}&id={meeting.id}")
    assert answer.status_code == 200
    cast.env.invalidate_all()
    assert hers.state == "accepted"


@plant
def meetings_of_others(cast):
    """One of a colleague that she has nothing to do with but in words, some that come again, and a dialog."""
    person = cast.person
    start = cast.in_days(4)
    times = {"start": start, "stop": start + timedelta(hours=1)}
    other = cast.as_colleague("calendar.event").create(
        {
            **times,
            "name": f"Praten over {person.name}",
            "description": f"<p>Wat doet {person.former} met de hal?</p>",
            "location": "Kantine",
        }
    )
    cast.at(other, "name", "description")
    weekly = cast.as_colleague("calendar.event").create(
        {
            **times,
            "name": f"Elke week {person.name}",
            "recurrency": True,
            "rrule_type": "weekly",
            "count": 3,
            "mon": True,
        }
    )
    cast.at(weekly.recurrence_id.calendar_event_ids, "name")
    cast.as_colleague("calendar.filters").create({"partner_id": cast.partner.id, "user_id": cast.colleague.id})
    leave = cast.env["resource.calendar.leaves"].create(
        {"name": f"Bij {person.name}", "date_from": start, "date_to": start + timedelta(hours=3)}
    )
    cast.at(leave, "name")
    refusal = cast.as_colleague("calendar.popover.delete.wizard").create(
        {"calendar_event_id": other.id, "subject": f"Afgezegd: {person.name}", "body": f"<p>{person.name}</p>"}
    )
    cast.at(refusal, "subject", "body")
