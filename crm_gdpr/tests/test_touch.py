import json

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .age_case import NEVER, AgeCase, ago


@tagged("post_install", "-at_install")
class TestTouch(AgeCase):
    def _touch(self, contacts=None, reason="Agreed by phone", date=None):
        return (contacts or self.contact).with_user(self.officer).touch(reason, date)

    def test_who_is_touched_is_young_at_once(self):
        touch = self._touch()
        self.assertEqual((self.contact.last_dealing_date, self.contact.last_dealing_kind), (ago(), "touch"))
        self.assertEqual((touch.user_id, touch.reason, touch.date), (self.officer, "Agreed by phone", ago()))

    def test_a_date_in_the_past_is_possible_and_one_in_the_future_is_not(self):
        self._touch(date=ago(days=100))
        self.assertEqual(self._age(), (ago(days=100), "touch"))
        with self.assertRaises(ValidationError):
            self._touch(date=ago(days=-1))

    def test_a_later_dealing_counts_more_than_a_touch(self):
        self._write(self.contact, ago(days=5))
        self._settle()
        self._touch(date=ago(days=100))
        self.assertEqual(self.contact.last_dealing_kind, "message")

    @mute_logger("odoo.sql_db")
    def test_a_reason_has_to_be_given(self):
        for reason in ("", "   ", False):
            with self.subTest(reason=reason), self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017  whatever refuses it
                self._touch(reason=reason)
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_undone_the_contact_is_as_old_as_before(self):
        self._write(self.contact, ago(days=500))
        touch = self._touch()
        touch.action_undo()
        self.assertEqual((self.contact.last_dealing_date, self.contact.last_dealing_kind), (ago(days=500), "message"))
        self.assertTrue(touch.undone)
        touch.action_undo()
        self.assertEqual(self._age(), (ago(days=500), "message"))

    def test_undone_the_touch_before_it_counts_again(self):
        self._touch(date=ago(days=50))
        self._touch().action_undo()
        self.assertEqual(self._age(), (ago(days=50), "touch"))

    def test_touching_a_person_makes_their_company_young(self):
        company = self._make_old("Acme", is_company=True)
        self.contact.parent_id = company
        self.assertEqual(self._age(company), (NEVER, "created"))
        touch = self._touch()
        self.assertEqual(company.last_dealing_kind, "touch")
        touch.action_undo()
        self.assertEqual(company.last_dealing_kind, "created")

    def test_it_is_told_in_the_log_how_many_and_not_why(self):
        log = self.env["crm.gdpr.log"]
        touch = self._touch(self.contact + self._make_old("John Doe"), reason="Secret")
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.counts), ("touched", {"res.partner": 2}))
        self.assertEqual(entry.user_ref, self.officer.id)
        self.assertNotIn("Secret", json.dumps(entry.read()[0], default=str))
        touch.action_undo()
        self.assertEqual(log.search([], limit=1).event, "touch_undone")

    def test_the_contact_is_not_written(self):
        messages = self.env["mail.message"].search_count([("model", "=", "res.partner")])
        before = self.contact.write_date
        self._touch()
        self.contact.invalidate_recordset()
        self.assertEqual(self.contact.write_date, before)
        self.assertEqual(self.env["mail.message"].search_count([("model", "=", "res.partner")]), messages)


@tagged("post_install", "-at_install")
class TestTouchMany(AgeCase):
    def _open(self, contacts, user=None, **context):
        action = contacts.with_user(user or self.officer).with_context(**context).action_touch()
        return Form(self.env[action["res_model"]].with_user(user or self.officer).with_context(action["context"]))

    def test_a_selection_is_touched_and_undone_together(self):
        contacts = self.contact + self._make_old("John Doe") + self._make_old("Gone", active=False)
        form = self._open(contacts)
        form.reason = "Still customers"
        self.assertEqual(form.partner_count, 3)
        action = form.save().action_touch()
        self.assertEqual(set(contacts.mapped("last_dealing_kind")), {"touch"})
        self.assertIn("3", action["params"]["message"])
        other = self._make_old("Other").with_user(self.officer).touch("Alone")
        undone = self.env["crm.gdpr.touch"].with_user(self.officer).undo_batch(action["params"]["batch"])
        self.assertEqual(undone, 3)
        self.assertEqual(set(contacts.mapped("last_dealing_kind")), {"created"})
        self.assertFalse(other.undone)

    def test_more_than_the_list_hands_over_are_all_touched(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "2")
        contacts = self.contact
        for number in range(3):
            contacts += self._make_old(f"Crowd {number}", ref="crowd")
        domain = [("ref", "=", "crowd")]
        form = self._open(contacts[1:3], active_domain=domain)
        form.reason = "All of them"
        form.save().action_touch()
        self.assertEqual(contacts.mapped("last_dealing_kind"), ["created", "touch", "touch", "touch"])

    def test_a_date_in_the_future_is_refused_before_anything_is_done(self):
        form = self._open(self.contact)
        form.reason = "Later"
        form.date = ago(days=-1)
        with self.assertRaises(ValidationError):
            form.save()

    def test_thousands_take_no_more_queries_than_a_few(self):
        contacts = self.env["res.partner"].create([{"name": f"Crowd {number}"} for number in range(3000)])
        self._settle()
        few, many = contacts[:10], contacts[10:]
        few.with_user(self.officer).touch("Warm")
        self.env.flush_all()
        counts = []
        for some in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.officer).touch("Counted")
            counts.append(self.env.cr.sql_log_count - before)
        # rows are inserted, and read again, a thousand at a time or less
        self.assertLess(counts[1], counts[0] + 120)
        self.assertEqual(set(contacts.mapped("last_dealing_kind")), {"touch"})


@tagged("post_install", "-at_install")
class TestTouchRights(AgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strangers = [
            *cls.others,
            cls._make_user("touch_sales", "sales_team.group_sale_salesman_all_leads"),
            cls._make_user("touch_contacts", "base.group_partner_manager"),
            cls.env.ref("base.public_user"),
        ]
        if cls.env.ref("account.group_account_manager", raise_if_not_found=False):
            cls.strangers.append(cls._make_user("touch_accountant", "account.group_account_manager"))
        cls.touch = cls.contact.with_user(cls.officer).touch("Kept")

    @mute_logger(
        "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access"
    )
    def test_nobody_but_an_officer_touches_sees_or_undoes(self):
        for user in self.strangers:
            contact, touches = self.contact.with_user(user), self.env["crm.gdpr.touch"].with_user(user)
            calls = {
                "touch": lambda c=contact: c.touch("Mine"),
                "assistant": lambda c=contact: c.action_touch(),
                "create": lambda t=touches: t.create({"partner_id": self.contact.id, "reason": "Mine"}),
                "search": lambda t=touches: t.search([]),
                "read": lambda u=user: self.touch.with_user(u).read(),
                "undo": lambda u=user: self.touch.with_user(u).action_undo(),
                "undo together": lambda t=touches: t.undo_batch(self.touch.batch),
                "write": lambda u=user: self.touch.with_user(u).write({"undone": True}),
                "wizard": lambda u=user: self.env["crm.gdpr.touch.contacts"].with_user(u).create({"reason": "Mine"}),
            }
            for name, call in calls.items():
                with self.subTest(user=user.login, call=name):
                    self.assertRaises(AccessError, call)
        self.assertFalse(self.touch.undone)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_an_officer_changes_and_deletes_none(self):
        touch = self.touch.with_user(self.officer)
        for values in ({"reason": "Other"}, {"undone": True}, {"date": ago(days=1)}):
            self.assertRaises(AccessError, touch.write, values)
        self.assertRaises(AccessError, touch.unlink)

    def test_an_officer_touches_in_their_own_name_alone(self):
        touch = (
            self.env["crm.gdpr.touch"]
            .with_user(self.officer)
            .create({"partner_id": self.contact.id, "reason": "R", "user_id": self.manager.id, "undone": True})
        )
        self.assertEqual((touch.user_id, touch.undone), (self.officer, False))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_contacts_of_another_company_are_neither_touched_nor_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self._make_old("Theirs", company_id=company.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.officer).touch("Mine")
        with self.assertRaises(AccessError):
            self.env["crm.gdpr.touch"].with_user(self.officer).create({"partner_id": theirs.id, "reason": "Mine"})
        touch = theirs.touch("Theirs")
        touches = self.env["crm.gdpr.touch"].with_user(self.officer)
        self.assertNotIn(touch, touches.search([]))
        self.assertFalse(touches.undo_batch(touch.batch))
        with self.assertRaises(AccessError):
            touch.with_user(self.officer).action_undo()

    def test_an_officer_who_is_nothing_else_reads_all_of_it(self):
        alone = new_test_user(self.env, "officer_alone", "crm_gdpr.group_privacy_officer")
        self.env.invalidate_all()
        self.assertTrue(self.touch.with_user(alone).read())
        self.assertTrue(self.contact.with_user(alone).read(["last_dealing_date", "last_dealing_kind", "dealing_age"]))
