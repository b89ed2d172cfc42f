from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import crm_gdpr_dealing_job
from .age_case import NEVER, AgeCase, ago


@tagged("post_install", "-at_install")
class TestCauses(AgeCase):
    def test_without_any_dealing_a_contact_is_as_old_as_it_is_here(self):
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_what_a_person_writes_makes_them_young(self):
        self._write(self.contact, ago(days=90), "email")
        self.assertEqual(self._age(), (ago(days=90), "message"))
        self._write(self.contact, ago(days=10), "comment", on=self.officer.partner_id)
        self.assertEqual(self._age(), (ago(days=10), "message"))

    def test_what_colleagues_and_the_system_write_about_them_does_not(self):
        self._write(self.employee.partner_id, ago(days=1), on=self.contact)
        for message_type in ("notification", "auto_comment", "user_notification", "email_outgoing", "out_of_office"):
            self._write(self.contact, ago(days=1), message_type)
        self.contact.message_post(body="A note", subtype_xmlid="mail.mt_note")
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_changing_and_archiving_contacts_does_not(self):
        others = self.contact + self._make_old("John Doe")
        others.write({"comment": "seen", "user_id": self.manager.id, "email": "new@example.com"})
        others.action_archive()
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_phone_call_that_was_done_makes_them_young_and_other_activities_do_not(self):
        lead = self._make_lead(self.contact, NEVER)
        for record in (self.contact, lead):
            record.activity_schedule("mail.mail_activity_data_todo").action_feedback()
            planned = record.activity_schedule("mail.mail_activity_data_call")
            self.assertEqual(self._age(), (NEVER, "project"))
            planned.action_feedback(feedback="They will order")
            date, kind = self._age()
            self.assertEqual((date.date(), kind), (planned.date_done, "call"))
            planned.with_context(active_test=False).unlink()

    def test_a_meeting_counts_once_it_has_begun(self):
        meeting = self._meet(self.contact | self.employee.partner_id, ago(hours=-3))
        self.assertEqual(self._age(), (NEVER, "created"))
        self._wait_until(meeting.start)
        self.assertEqual(self._age(), (meeting.start, "meeting"))

    def _wait_until(self, date):
        """What is due then is due now, and what lies ahead has passed."""
        self.env.cr.flush()
        self.assertTrue(self.pending.search_count([("due", "=", date)]), "nothing waits for that moment")
        self.enterContext(freeze_time(date))

    def test_a_meeting_that_they_declined_was_none(self):
        meeting = self._meet(self.contact, ago(days=5))
        self.assertEqual(self._age(), (meeting.start, "meeting"))
        meeting.attendee_ids.do_decline()
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_project_counts_when_it_begins_and_when_it_ends(self):
        lead = self._make_lead(self.contact, ago(days=300))
        self.assertEqual(self._age(), (ago(days=300), "project"))
        lead.action_set_won()
        self.assertEqual(self._age(), (lead.date_closed, "project"))
        lead.write({"stage_id": self.env["crm.stage"].search([("is_won", "=", False)], limit=1).id})
        self.assertEqual(self._age(), (ago(days=300), "project"))

    def test_who_writes_as_somebody_new_from_their_address_is_heard_of_again(self):
        self.contact.email = "jane@doe.example"
        self._settle()
        lead = self.env["crm.lead"].create({"name": "Chairs", "email_from": "jane@doe.example"})
        self.assertEqual(self._age(), (lead.create_date.replace(microsecond=0), "project"))
        lead.unlink()
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_the_newest_cause_is_told(self):
        self._write(self.contact, ago(days=40))
        self._meet(self.contact, ago(days=30))
        self._make_lead(self.contact, ago(days=50))
        self.assertEqual(self._age(), (ago(days=30), "meeting"))

    def test_a_dealing_from_before_the_contact_was_entered_is_its_last(self):
        contact = self._make_old("Imported", created=ago(days=2))
        self._write(contact, ago(days=700))
        self.assertEqual(self._age(contact), (ago(days=700), "message"))


@tagged("post_install", "-at_install")
class TestGoingBack(AgeCase):
    """What was wrong or is gone makes nobody young."""

    def test_a_message_that_is_deleted(self):
        self._write(self.contact, ago(days=90))
        last = self._write(self.contact, ago(days=10))
        self.assertEqual(self._age(), (ago(days=10), "message"))
        last.unlink()
        self.assertEqual(self._age(), (ago(days=90), "message"))

    def test_a_message_whose_date_or_author_is_corrected(self):
        other = self._make_old("John Doe")
        message = self._write(self.contact, ago(days=10))
        self._settle()
        message.date = ago(days=400)
        self.assertEqual(self._age(), (ago(days=400), "message"))
        message.author_id = other
        self.assertEqual(self._age(), (NEVER, "created"))
        self.assertEqual(self._age(other), (ago(days=400), "message"))

    def test_a_meeting_that_is_moved_cancelled_or_left(self):
        meeting = self._meet(self.contact, ago(days=5))
        self._settle()
        meeting.write({"start": ago(days=9), "stop": ago(days=9) + timedelta(hours=1)})
        self.assertEqual(self._age(), (ago(days=9), "meeting"))
        meeting.partner_ids = self.employee.partner_id
        self.assertEqual(self._age(), (NEVER, "created"))
        meeting.partner_ids |= self.contact
        self.assertEqual(self._age(), (ago(days=9), "meeting"))
        meeting.active = False
        self.assertEqual(self._age(), (NEVER, "created"))
        meeting.active = True
        self._settle()
        meeting.unlink()
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_project_that_turns_out_to_be_somebody_else_s(self):
        other = self._make_old("John Doe")
        lead = self._make_lead(self.contact, ago(days=30))
        call = lead.activity_schedule("mail.mail_activity_data_call")
        call.action_feedback()
        self.assertEqual(self._age()[1], "call")
        lead.partner_id = other
        self.assertEqual(self._age(), (NEVER, "created"))
        self.assertEqual(self._age(other)[1], "call")
        lead.unlink()
        self.assertEqual(self._age(other), (NEVER, "created"))

    def test_what_two_changes_of_one_transaction_took_from_somebody(self):
        first, second = self._make_old("First"), self._make_old("Second")
        message = self._write(self.contact, ago(days=10))
        self._settle()
        for author in (first, second):
            message.author_id = author
            self.env.flush_all()
        self.assertEqual(self._age(), (NEVER, "created"))
        self.assertEqual(self._age(first), (NEVER, "created"))
        self.assertEqual(self._age(second), (ago(days=10), "message"))


@tagged("post_install", "-at_install")
class TestCompanies(AgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._make_old("Acme", is_company=True)
        cls.jane = cls._make_old("Jane Acme", parent_id=cls.acme.id)
        cls.john = cls._make_old("John Acme", parent_id=cls.acme.id)

    def test_a_company_is_as_young_as_the_youngest_of_its_persons_who_keep_their_own_age(self):
        self._write(self.jane, ago(days=30))
        self._write(self.john, ago(days=20))
        self.assertEqual(self._age(self.acme), (ago(days=20), "message"))
        self.assertEqual(self._age(self.jane), (ago(days=30), "message"))
        self._make_lead(self.acme, ago(days=10))
        self.assertEqual(self._age(self.acme), (ago(days=10), "project"))
        self.assertEqual(self._age(self.john), (ago(days=20), "message"))

    def test_a_person_who_changes_companies_takes_their_age_along(self):
        other = self._make_old("Konex", is_company=True)
        self._write(self.jane, ago(days=30))
        self._settle()
        self.jane.parent_id = other
        self.assertEqual(self._age(self.acme), (NEVER, "created"))
        self.assertEqual(self._age(other), (ago(days=30), "message"))
        self.jane.parent_id = False
        self.assertEqual(self._age(other), (NEVER, "created"))

    def test_a_person_who_is_deleted_leaves_their_company_its_own_age(self):
        meeting = self._meet(self.john, ago(days=30))
        self.assertEqual(self._age(self.acme), (ago(days=30), "meeting"))
        meeting.unlink()
        self._write(self.jane, ago(days=20))
        self.assertEqual(self._age(self.acme), (ago(days=20), "message"))
        self.jane.unlink()
        self.assertEqual(self._age(self.acme), (NEVER, "created"))

    def test_a_new_person_makes_their_company_as_young_as_themselves(self):
        person = self._make_contact("New", parent_id=self.acme.id)
        self.assertEqual(self._age(self.acme), (person.last_dealing_date, "created"))

    def test_contacts_that_are_merged_have_the_dealings_of_all(self):
        duplicate = self._make_old("Jane Acme", parent_id=self.acme.id, email="jane@acme.example")
        self.jane.email = "jane@acme.example"
        self._write(duplicate, ago(days=5))
        self._meet(self.jane, ago(days=9))
        self._settle()
        self.env["base.partner.merge.automatic.wizard"]._merge([self.jane.id, duplicate.id], self.jane)
        self.assertEqual(self._age(self.jane), (ago(days=5), "message"))
        self.assertEqual(self._age(self.acme), (ago(days=5), "message"))

    def test_an_officer_may_merge_contacts(self):
        self.officer.group_ids |= self.env.ref("base.group_partner_manager")
        duplicate = self._make_old("Jane Acme", parent_id=self.acme.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.officer)
        wizard._merge([self.jane.id, duplicate.id], self.jane.with_user(self.officer))
        self.assertFalse(duplicate.exists())


@tagged("post_install", "-at_install")
class TestUpkeep(AgeCase):
    def test_it_leaves_no_trace_on_the_contact(self):
        self.env.cr.execute(SQL("UPDATE res_partner SET write_date = %s WHERE id = %s", NEVER, self.contact.id))
        messages = self.env["mail.message"].search_count([])
        author = self._write(self.contact, ago(days=3))
        self.assertEqual(self._age(), (ago(days=3), "message"))
        self.contact.invalidate_recordset()
        self.assertEqual((self.contact.write_date, self.contact.write_uid), (NEVER, self.env.user))
        self.assertEqual(self.env["mail.message"].search_count([]), messages + len(author))

    def test_a_contact_whose_age_is_the_same_is_not_written(self):
        self._write(self.contact, ago(days=3))
        self._settle()
        before = self._get_version()
        self._write(self.contact, ago(days=30))
        self._settle()
        self.assertEqual(self._get_version(), before)

    def _get_version(self):
        self.env.cr.execute(SQL("SELECT xmin::text, ctid::text FROM res_partner WHERE id = %s", self.contact.id))
        return self.env.cr.fetchone()

    def test_whoever_deals_with_a_contact_keeps_no_colleague_from_doing_so(self):
        """What is noted is added; the contact itself is neither changed nor locked."""
        before = self._get_version()
        self._write(self.contact, ago(days=3))
        self.env.cr.flush()
        self.assertEqual(self._get_version(), before)
        self.assertIn(self.contact.id, self.pending.search([("due", "<=", ago())]).mapped("first_contact"))

    def test_a_thousand_messages_of_one_transaction_are_noted_in_two_queries_and_dated_in_one(self):
        contacts = self.env["res.partner"].create([{"name": f"Crowd {number}"} for number in range(1000)])
        self._settle()
        for contact in contacts:
            self._write(contact, ago(days=3))
        with self.assertQueryCount(3):  # the row of each, the job's name at most, and whether it is asked for
            self.env.cr.precommit.run()
        with self.assertQueryCount(4):
            self.assertEqual(self.pending._date_batch(), 1000)
        self.assertEqual(set(contacts.mapped("last_dealing_kind")), {"message"})

    def test_what_is_no_source_costs_no_query(self):
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        self.env.flush_all()
        with self.assertQueryCount(1):
            tag.color = 3
            self.env.flush_all()
        self.assertNotIn("crm_gdpr.dealings", self.env.cr.precommit.data)

    def test_the_job_is_asked_for_once(self):
        job = self.env.ref("crm_gdpr.ir_cron_dealings")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        triggers.unlink()
        for _count in range(3):
            self._write(self.contact, ago(days=3))
            self.env.cr.flush()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), 1)

    def test_what_is_undone_before_it_is_kept_leaves_others_noted(self):
        other = self._make_old("John Doe")
        self._write(self.contact, ago(days=3))
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._write(other, ago(days=3))
            raise ZeroDivisionError
        self.assertEqual(self._age(), (ago(days=3), "message"))
        self.assertEqual(self._age(other), (NEVER, "created"))


@tagged("post_install", "-at_install")
class TestAnew(AgeCase):
    """All contacts are dated anew: after installation, and now and then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._make_old("Acme", is_company=True)
        cls.person = cls._make_old("Jane Acme", parent_id=cls.company.id)

    def _forget(self):
        self._settle()
        self.env.cr.execute("UPDATE res_partner SET last_dealing_date = NULL, last_dealing_kind = NULL")
        self.env.cr.execute("DELETE FROM crm_gdpr_dealing_pending")
        self.env.invalidate_all()

    def test_it_finds_what_the_upkeep_has_found(self):
        self._write(self.person, ago(days=3))
        self._meet(self.contact, ago(days=9))
        self._settle()
        everybody = self.env["res.partner"].with_context(active_test=False).search([])
        before = everybody.read(["last_dealing_date", "last_dealing_kind"])
        self._forget()
        self.pending._cron_date_all()
        self._settle()
        self.assertEqual(everybody.read(["last_dealing_date", "last_dealing_kind"]), before)
        self.assertEqual(self._age(self.company), (ago(days=3), "message"))

    def test_it_goes_on_where_it_was_stopped(self):
        self.patch(crm_gdpr_dealing_job, "BATCH", 7)
        total = self.env["res.partner"].with_context(active_test=False).search_count([])
        self._forget()
        self.pending._add_all()
        done = [self.pending._date_batch() for _count in range(2)]
        self.assertEqual(done, [7, 7])
        self.env.cr.execute("SELECT count(*) FROM res_partner WHERE last_dealing_date IS NULL")
        self.assertGreaterEqual(self.env.cr.fetchone()[0], total - 14 - 7)
        self._write(self.contact, ago(days=1))
        self.env.cr.flush()
        self.pending._date_batch()
        self.assertEqual(self.contact.last_dealing_kind, "message", "what happens meanwhile goes before")
        self._settle()
        self.env.cr.execute("SELECT count(*) FROM res_partner WHERE last_dealing_date IS NULL")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.assertFalse(self.pending._count_due())

    def test_what_lies_ahead_is_known_afterwards_too(self):
        meeting = self._meet(self.contact, ago(hours=-3))
        self._forget()
        self.pending._add_all()
        self._settle()
        rows = self.pending.search([("due", "=", meeting.start)])
        self.assertIn(self.contact.id, rows.mapped("first_contact"))

    def test_the_source_of_an_app_that_is_not_there_is_not_asked(self):
        known = {model for dealing in self.pending._get_dealings() for model in dealing.reads}
        self.assertLessEqual({"res.partner", "mail.message", "calendar.event", "crm.lead", "crm.gdpr.touch"}, known)
        self.assertTrue(all(model in self.env for model in known))


@tagged("post_install", "-at_install")
class TestWhoSees(AgeCase):
    def test_nobody_but_officers_sees_searches_or_groups_by_the_age(self):
        names = ["last_dealing_date", "last_dealing_kind", "dealing_age", "age_band"]
        for user in self.others:
            contacts = self.env["res.partner"].with_user(user)
            seen = contacts.fields_get()
            for name in names:
                with self.subTest(user=user.login, field=name):
                    self.assertNotIn(name, seen)
                    for call in (
                        lambda name=name: user.partner_id.with_user(user).read([name]),
                        lambda name=name: contacts.search([(name, "=", False)]),
                        lambda name=name: contacts.formatted_read_group(
                            [], [f"{name}:year" if "date" in name else name]
                        ),
                        lambda name=name: user.partner_id.with_user(user).write({name: False}),
                    ):
                        self.assertRaises(AccessError, call)
        seen = self.contact.with_user(self.officer).read(names)[0]
        self.assertEqual((seen["last_dealing_kind"], seen["age_band"]), ("created", "10"))

    def test_nobody_sets_an_age_by_hand(self):
        self.officer.group_ids |= self.env.ref("base.group_partner_manager")
        contact = self.contact.with_user(self.officer)
        for values in ({"last_dealing_date": ago(days=1)}, {"last_dealing_kind": "order"}):
            self.assertRaises(AccessError, contact.write, values)
        contact.write({"function": "Buyer"})
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_contact_that_a_salesperson_makes_has_an_age_at_once(self):
        salesperson = self._make_user("age_sales", "sales_team.group_sale_salesman")
        salesperson.group_ids |= self.env.ref("base.group_partner_manager")
        contact = self.env["res.partner"].with_user(salesperson).create({"name": "New"})
        self.assertEqual(contact.sudo().last_dealing_kind, "created")
        self.assertEqual(contact.sudo().last_dealing_date, contact.create_date.replace(microsecond=0))
        copied = contact.copy().sudo()
        self.assertEqual(copied.last_dealing_kind, "created")

    def test_contacts_are_grouped_by_age_as_of_today(self):
        for days in (100, 500, 900, 1500, 2500, 9000):
            contact = self._make_old(f"Old {days}", created=ago(days=days), ref="band")
        contacts = self.env["res.partner"].with_user(self.officer)
        groups = contacts.formatted_read_group([("ref", "=", "band")], ["age_band"], ["__count"])
        self.assertEqual([group["age_band"] for group in groups], ["00", "01", "02", "03", "05", "10"])
        for group in groups:
            self.assertEqual(contacts.search_count([("ref", "=", "band"), *group["__extra_domain"]]), 1)
        self.assertEqual(
            contacts.search([("ref", "=", "band"), ("age_band", "=", "10")]), contact.with_user(self.officer)
        )
        self.assertEqual(contacts.search_count([("ref", "=", "band"), ("age_band", "not in", ["10", "05"])]), 4)
        self.assertEqual(contacts.search_count([("ref", "=", "band"), ("age_band", "=", False)]), 0)
        years = contacts.formatted_read_group([("ref", "=", "band")], ["last_dealing_date:year"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in years), 6)
