import base64

from odoo import Command
from odoo.tests import tagged

from .common import AddInCase


@tagged("post_install", "-at_install")
class TestFiling(AddInCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead(partner_id=cls.customer.id)
        cls.ticket = cls._make_ticket(user_id=cls.sales.id)

    def setUp(self):
        super().setUp()
        self.key = self._connect(self.sales)

    def _filed(self, record):
        return record.message_ids.filtered(lambda message: message.message_type == "email")

    def test_a_customers_email_is_filed_on_customer_project_or_ticket_as_theirs(self):
        for record in (self.customer, self.anna, self.lead, self.ticket):
            with self.subTest(record._name):
                self.assertIs(self._log(self.key, record, self._email(self.anna.email)), True)
                message = self._filed(record)
                self.assertEqual(message.author_id, self.anna)
                self.assertEqual(message.create_uid, self.sales)
                self.assertIn("Please call me.", message.body)
                self.assertTrue(message.is_email)
                self.assertEqual(message.email_direction, "in")
                self.assertTrue(message.subtype_id.internal)

    def test_the_customer_sees_nothing_of_what_is_filed_on_a_ticket_whoever_wrote_it(self):
        senders = ("who@unknown.example", self.stranger.email, self.anna.email, self.sales.email)
        for sender in senders:
            files = [[f"of {sender}.txt", base64.b64encode(b"10 wheels").decode()]]
            self._log(self.key, self.ticket, self._email(sender, f"<p>Text of {sender}</p>"), files)
        messages = self._filed(self.ticket)
        self.assertEqual((len(messages), len(messages.attachment_ids)), (4, 4))
        self.assertTrue(all(message.is_internal for message in messages))
        self.assertFalse(self.ticket._get_portal_attachments())
        user = self._make_portal_user(self.bart)
        self.env.flush_all()
        self.authenticate(user.login, f"{user.login}-1234")
        page = self.url_open(self.ticket.access_url).text
        thread = {"thread_model": "crm.ticket", "thread_id": self.ticket.id}
        told = str(self.make_jsonrpc_request("/mail/chatter_fetch", thread))
        self.assertIn(self.ticket.name, page)
        for sender in senders:
            with self.subTest(sender):
                self.assertNotIn(f"of {sender}", page)
                self.assertNotIn(f"of {sender}", told)
        for file in messages.attachment_ids:
            self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, file.raw)

    def test_an_email_of_ones_own_or_a_colleagues_is_ones_own_and_one_of_a_stranger_nobodys(self):
        table = [
            (self.sales.email, self.sales.partner_id, "out"),
            (self.other.email, self.sales.partner_id, "out"),
            ("who@unknown.example", self.env["res.partner"], "in"),
        ]
        for sender, author, direction in table:
            with self.subTest(sender):
                lead = self._make_lead(partner_id=self.customer.id)
                self._log(self.key, lead, self._email(sender))
                message = self._filed(lead)
                self.assertEqual((message.author_id, message.email_direction), (author, direction))

    def test_it_is_an_email_of_the_project_and_touches_it(self):
        self.env.cr.execute("UPDATE crm_lead SET date_last_touch = '2020-01-01' WHERE id = %s", self.lead.ids)
        self.lead.invalidate_recordset()
        self._log(self.key, self.lead, self._email(self.anna.email))
        self.assertEqual(self.lead.email_count, 1)
        self.assertGreater(self.lead.date_last_touch.year, 2020)

    def test_nobody_is_sent_anything_and_a_ticket_that_waits_goes_on_waiting(self):
        self.ticket.write({"status_id": self.waiting.id})
        self.ticket.message_subscribe((self.anna | self.service.partner_id).ids)
        self._log(self.key, self.ticket, self._email(self.anna.email))
        self.assertFalse(self._filed(self.ticket).notification_ids)
        self.assertEqual(self.ticket.status_id, self.waiting)

    def test_the_same_email_is_filed_once_however_often_the_button_is_pressed(self):
        for _press in range(3):
            self.assertIs(self._log(self.key, self.lead, self._email(self.anna.email)), True)
        self.assertEqual(len(self._filed(self.lead)), 1)
        self._log(self.key, self.lead, self._email(self.anna.email, "<p>Another one</p>"))
        self.assertEqual(len(self._filed(self.lead)), 2)
        self._log(self.key, self.ticket, self._email(self.anna.email))
        self.assertEqual(len(self._filed(self.ticket)), 1)
        self._log(self._connect(self.manager), self.lead, self._email(self.anna.email))
        self.assertEqual(len(self._filed(self.lead)), 3)
        # later it is meant
        self.env.cr.execute("UPDATE mail_message SET create_date = create_date - interval '1 hour'")
        self._log(self.key, self.lead, self._email(self.anna.email))
        self.assertEqual(len(self._filed(self.lead)), 4)

    def test_scripts_go_and_files_come_along(self):
        text = '<p>Hi <img src="x" onerror="alert(1)"><script>alert(2)</script></p>'
        files = [["offer.txt", base64.b64encode(b"10 wheels").decode()]]
        self._log(self.key, self.ticket, self._email(self.anna.email, text), files)
        message = self._filed(self.ticket)
        self.assertNotIn("alert", message.body)
        file = message.attachment_ids
        self.assertEqual((file.name, file.raw), ("offer.txt", b"10 wheels"))
        self.assertEqual((file.res_model, file.res_id), ("crm.ticket", self.ticket.id))

    def test_what_cannot_be_read_is_refused_and_nothing_stored(self):
        huge = base64.b64encode(bytes(21 * 1024 * 1024)).decode()
        table = {
            "not base 64": ({"attachments": [["x.txt", "%%%"]]}, "could not be read"),
            "half of it": ({"attachments": [["x.txt", "QUJ"]]}, "could not be read"),
            "no pairs": ({"attachments": ["x.txt"]}, "could not be read"),
            "no list": ({"attachments": "x.txt"}, "could not be read"),
            "too many": ({"attachments": [["x.txt", "QUJD"]] * 101}, "too many or too large"),
            "too large": ({"attachments": [["x", huge], ["y", huge]]}, "too many or too large"),
            "no text": ({"message": None}, "could not be read"),
            "no id": ({"res_id": "1 OR 1"}, "not there any more"),
            "gone": ({"res_id": 2**31 - 1}, "not there any more"),
            "larger than ids are": ({"res_id": 2**40}, "not there any more"),
            "a flag": ({"res_id": True}, "not there any more"),
        }
        before = self.env["mail.message"].search_count([])
        for name, (values, said) in table.items():
            with self.subTest(name):
                params = {**self._logging(self.lead, self._email(self.anna.email)), **values}
                self.assertIn(said, self._refused(self.key, "/mail_plugin/log_mail_content", **params))
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_on_what_one_may_not_write_nothing_is_filed(self):
        of_other = self._make_lead(partner_id=self.customer.id, user_id=self.other.id)
        restricted = self._make_lead(partner_id=self.customer.id, user_id=self.other.id, is_restricted=True)
        of_service = self._make_ticket(user_id=self.service.id)
        keys = {user: self._connect(user) for user in (self.sales, self.manager, self.service, self.accountant)}
        table = [
            (self.sales, of_other),
            (self.sales, of_service),
            (self.manager, restricted),
            (self.service, self.lead),
            (self.accountant, self.lead),
            (self.accountant, self.ticket),
        ]
        before = self.env["mail.message"].search_count([])
        for user, record in table:
            with self.subTest(user.login, record=record):
                params = self._logging(record, self._email(self.anna.email))
                self._refused(keys[user], "/mail_plugin/log_mail_content", **params)
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_on_other_models_nothing_is_filed(self):
        for model in ("res.users", "mail.message", "crm.team", "helpdesk.team", "no.model", "", None):
            with self.subTest(model):
                params = {**self._logging(self.lead, "<p>x</p>"), "model": model}
                self.assertTrue(self._refused(self.key, "/mail_plugin/log_mail_content", **params))

    def test_tickets_go_by_their_own_name_as_well(self):
        self._log(self.key, self.ticket, self._email(self.anna.email), model="crm.ticket")
        self.assertEqual(len(self._filed(self.ticket)), 1)

    def test_who_works_on_tickets_alone_files_on_them(self):
        of_service = self._make_ticket(user_id=self.service.id)
        self.service.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        key = self._connect(self.service)
        for record in (of_service, self.customer):
            self._log(key, record, self._email(self.anna.email))
            self.assertEqual(len(self._filed(record)), 1)
