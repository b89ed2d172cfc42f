from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestFeed(CalendarCase, HttpCase):
    """What a calendar program gets that knows nothing but the address."""

    def _make_address(self, user=None):
        user = user or self.sales
        address = user.with_user(user).action_make_calendar_feed()["context"]["default_address"]
        return address[address.index("/crm/") :]

    def _get(self, address, status=200, **headers):
        self.env.flush_all()
        self.env.cr.precommit.clear()
        answer = self.url_open(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        self.assertEqual(answer.status_code, status)
        return answer

    def _titles(self, answer):
        return sorted(str(entry["SUMMARY"]) for entry in self._read(answer.content).walk("VEVENT"))

    def test_a_program_gets_appointments_and_follow_ups_without_signing_in(self):
        event = self._meet(location="Utrecht", description="<p>Bring samples</p>")
        self._plan()
        answer = self._get(self._make_address())
        self.assertEqual(answer.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-cache")
        self.assertNotIn("Set-Cookie", answer.headers)
        calendar = self._read(answer.content)
        self.assertEqual(str(calendar["METHOD"]), "PUBLISH")
        self.assertEqual(self._titles(answer), ["Call: Ask for the order", "Visit"])
        [entry] = [entry for entry in calendar.walk("VEVENT") if str(entry["SUMMARY"]) == "Visit"]
        self.assertEqual((self._utc(entry["DTSTART"]), self._utc(entry["DTEND"])), (event.start, event.stop))
        self.assertEqual(str(entry["LOCATION"]), "Utrecht")
        self.assertIn("Bring samples", str(entry["DESCRIPTION"]))

    def test_the_same_is_not_sent_twice(self):
        self._meet()
        address = self._make_address()
        answer = self._get(address)
        self.assertEqual(self._get(address).content, answer.content)
        unchanged = self._get(address, 304, If_None_Match=answer.headers["ETag"])
        self.assertEqual(unchanged.content, b"")
        self._get(address, 304, If_None_Match=f'"other", W/{answer.headers["ETag"]}')
        self._get(address, 304, If_None_Match=answer.headers["ETag"], If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT")
        self._get(address, 200, If_None_Match='"other"', If_Modified_Since=answer.headers["Last-Modified"])

    def test_every_change_is_noticed_deletions_and_lost_rights_too(self):
        event = self._meet()
        theirs = self._meet(user=self.manager, opportunity_id=self.lead.id)
        activity = self._plan()
        address = self._make_address()
        answer = self._get(address)
        for change in (
            lambda: event.write({"name": "Renamed"}),
            lambda: event.write({"start": event.start + timedelta(hours=1)}),
            lambda: event.write({"privacy": "private"}),
            lambda: theirs.write({"location": "Ghent"}),
            lambda: self.lead.write({"user_id": self.manager.id}),
            lambda: self.lead.write({"user_id": self.sales.id}),
            lambda: self.lead.write({"is_restricted": True}),
            lambda: activity.write({"date_deadline": activity.date_deadline + timedelta(days=1)}),
            lambda: activity.action_feedback("Done"),
            lambda: theirs.sudo().with_context(no_mail_to_attendees=True).unlink(),
            lambda: self.sales.with_user(self.sales).write({"calendar_feed_reminder": "15"}),
            lambda: event.attendee_ids.with_user(self.sales).do_decline(),
        ):
            change()
            before, answer = answer, self._get(address, 200, If_None_Match=answer.headers["ETag"])
            self.assertNotEqual(before.headers["ETag"], answer.headers["ETag"])
            self._get(address, 200, If_Modified_Since=answer.headers["Last-Modified"])

    def test_guessed_revoked_renewed_or_of_somebody_who_left_is_not_found(self):
        address = self._make_address()
        self._get(address)
        guessed = address[:-9] + "AAAAA.ics"
        answers = [self._get(guessed, 404)]
        renewed = self._make_address()
        answers.append(self._get(address, 404))
        self._get(renewed)
        self.sales.active = False
        answers.append(self._get(renewed, 404))
        self.sales.active = True
        self._get(renewed)
        self.sales.with_user(self.sales).action_revoke_calendar_feed()
        answers.append(self._get(renewed, 404))
        for bad in (
            "/crm/calendar/.ics",
            "/crm/calendar/x.ics",
            "/crm/calendar/%00%ff.ics",
            f"/crm/calendar/{'x' * 5000}.ics",
        ):
            self._get(bad, 404)
        self.assertEqual({answer.content for answer in answers}, {b"Not Found"})
        self.assertEqual({answer.headers["Cache-Control"] for answer in answers}, {"private, no-cache"})

    def test_whether_there_was_such_an_address_takes_the_same_queries_to_find_out(self):
        address = self._make_address()
        token = address.split("/")[-1][:-4]
        feeds = self.env["crm.calendar.feed"]
        feeds._find(token)
        counts = []
        for asked, is_active in ((token, True), ("x" * len(token), True), ("x", True), (token, False)):
            self.sales.active = is_active
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = feeds._find(asked)
            counts.append((bool(found), self.env.cr.sql_log_count - before))
        self.assertEqual(counts, [(True, 1), (False, 1), (False, 1), (False, 1)])

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        feed = self.env["crm.calendar.feed"].search([("user_id", "=", self.sales.id)])
        before = self.env.cr.sql_log_count
        feed._get_content()
        return self.env.cr.sql_log_count - before

    def test_five_thousand_take_the_queries_of_five(self):
        self._meet()
        self._plan()
        self._make_address()
        self._count_queries()
        few = self._count_queries()
        start = fields.Datetime.now().replace(microsecond=0) - timedelta(days=300)
        self.env.cr.execute(
            """
            WITH made AS (
                INSERT INTO calendar_event (name, start, stop, user_id, active, allday, location, description, privacy,
                                            show_as, opportunity_id, create_date, write_date)
                SELECT 'Visit number ' || n, %(start)s + n * interval '2 hours',
                       %(start)s + n * interval '2 hours' + interval '1 hour', %(user)s, TRUE,
                       n %% 10 = 0, 'Main street ' || n,
                       '<div><p>Organized by <b>Jonas</b><br/>with <i>the customer</i> about offer '
                       || n || '</p></div>',
                       NULL, 'busy', CASE WHEN n %% 3 = 0 THEN %(lead)s END, now() at time zone 'UTC',
                       now() at time zone 'UTC'
                  FROM generate_series(1, 4500) n
             RETURNING id
            ), invited AS (
                INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
                SELECT id, %(partner)s FROM made
            )
            INSERT INTO calendar_attendee (event_id, partner_id, state) SELECT id, %(partner)s, 'accepted' FROM made
            """,
            {"start": start, "user": self.sales.id, "partner": self.sales.partner_id.id, "lead": self.lead.id},
        )
        self.env.cr.execute(
            """
            INSERT INTO mail_activity (res_model, res_model_id, res_id, res_name, summary, note, user_id, date_deadline,
                                       active, activity_type_id, create_date, write_date)
            SELECT 'crm.lead', (SELECT id FROM ir_model WHERE model = 'crm.lead'), %(lead)s, 'GTX', 'Call ' || n,
                   '<p>About it</p>', %(user)s, now()::date + n, TRUE, %(type)s, now() at time zone 'UTC',
                   now() at time zone 'UTC'
              FROM generate_series(1, 500) n
            """,
            {"lead": self.lead.id, "user": self.sales.id, "type": self.env.ref("mail.mail_activity_data_call").id},
        )
        self.assertEqual(self._count_queries(), few)
        self.assertEqual(len(self._read(self._get(self._make_address()).content).walk("VEVENT")), 5002)
