from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestEmail(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ida", "parent_id": cls.partner.id, "email": "ida@konex.example.com"}
        )
        cls.lead = cls._make_lead()
        cls.sibling = cls._make_lead(name="Screens")
        cls.received = cls._receive(cls.lead, "Your offer")
        cls.of_customer = cls._receive(cls.contact, "Holidays")
        cls.of_sibling = cls._receive(cls.sibling, "Screens: sizes")

    @classmethod
    def _receive(cls, record, subject, **values):
        return cls.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "message_type": "email",
                "subject": subject,
                "body": f"<p>{subject}</p>",
                "author_id": cls.contact.id,
                "email_from": "Ida <ida@konex.example.com>",
                "subtype_id": cls.env.ref("mail.mt_comment").id,
                **values,
            }
        )

    def _emails(self, lead, user=None):
        messages = self.env["mail.message"].with_user(user or self.env.user)
        return messages.search(messages._lead_emails_domain(lead.ids)).sudo()

    def _correspondence(self, user=None):
        messages = self.env["mail.message"].with_user(user or self.env.user)
        return messages.search([("customer_id", "=", self.partner.id), ("is_email", "=", True)]).sudo()

    # ------------------------------------------------------------
    # What is an e-mail
    # ------------------------------------------------------------

    def test_received_and_sent_to_people_outside_is_an_email_and_notes_are_not(self):
        note = self.lead.message_post(body="Note", subtype_xmlid="mail.mt_note")
        colleague = self.lead.message_post(
            body="Look",
            message_type="comment",
            partner_ids=self.manager.partner_id.ids,
            author_id=self.sales.partner_id.id,
        )
        sent = self.lead.message_post(
            body="Offer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
            author_id=self.sales.partner_id.id,
        )
        by_address = self.lead.message_post(
            body="Offer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            outgoing_email_to="new@konex.example.com",
            author_id=self.sales.partner_id.id,
        )
        self.assertEqual(self._emails(self.lead), by_address | sent | self.received)
        self.assertEqual((note | colleague | sent).mapped("is_email"), [False, False, True])
        self.assertEqual((self.received | sent).mapped("email_direction"), ["in", "out"])
        self.assertEqual((sent | by_address).mapped("email_recipients"), ["Ida", "new@konex.example.com"])
        no_emails = [("is_email", "=", False), ("id", "in", (note | sent).ids)]
        self.assertEqual(self.env["mail.message"].search(no_emails), note)

    def test_counting_many_costs_the_same_as_one(self):
        leads = self.lead | self.sibling
        leads |= self.env["crm.lead"].create([{"name": f"Deal {i}", "team_id": self.team.id} for i in range(30)])
        for lead in leads[2:20]:
            self._receive(lead, "More")
            lead.action_link_emails(self.of_customer.ids)
        self.env.flush_all()
        costs = []
        for some in (leads[2:3], leads):
            self.env.invalidate_all()
            some.mapped("email_count")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("email_count")
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(sum(leads.mapped("email_count")), 2 + 18 * 2)
        self.assertLessEqual(costs[1], costs[0])
        self.assertLessEqual(costs[1], 8)

    # ------------------------------------------------------------
    # Linking
    # ------------------------------------------------------------

    def test_the_customers_correspondence_is_that_of_its_contacts_and_projects(self):
        stranger = self.env["res.partner"].create({"name": "Elsewhere"})
        self._receive(stranger, "Spam")
        self.assertEqual(self._correspondence(self.sales), self.received | self.of_customer | self.of_sibling)

    def test_a_linked_email_is_shown_on_both_and_not_copied(self):
        before = self.env["mail.message"].search_count([])
        self.lead.with_user(self.sales).action_link_emails((self.of_customer | self.of_sibling).ids)
        self.assertEqual(self._emails(self.lead, self.sales), self.received | self.of_customer | self.of_sibling)
        self.assertEqual(self.lead.email_count, 3)
        here = (self.received | self.of_customer).with_context(email_lead_id=self.lead.id)
        self.assertEqual(here.mapped("email_is_linked"), [False, True])
        self.assertEqual(self._emails(self.sibling), self.of_sibling)
        self.assertEqual((self.of_sibling.model, self.of_sibling.res_id), ("crm.lead", self.sibling.id))
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_linking_twice_or_what_stands_here_anyway_changes_nothing(self):
        for _time in range(2):
            self.lead.action_link_emails((self.of_customer | self.received).ids)
        self.assertEqual(self.lead.linked_message_ids, self.of_customer)
        self.assertEqual(self.lead.email_count, 2)

    def test_taking_off_a_linked_email_only_takes_the_link(self):
        self.lead.action_link_emails((self.of_customer | self.of_sibling).ids)
        self.lead.with_user(self.sales).action_unlink_email(self.of_sibling.id)
        self.assertEqual(self.lead.linked_message_ids, self.of_customer)
        self.assertEqual(self._emails(self.sibling), self.of_sibling)

    def test_taking_off_an_email_that_came_in_here_moves_it_with_its_files_to_the_customer(self):
        files = self.env["ir.attachment"].create(
            [{"name": name, "raw": b"x", "res_model": "crm.lead", "res_id": self.lead.id} for name in ("own", "shared")]
        )
        self.received.attachment_ids = files
        self._receive(self.lead, "Again", attachment_ids=files[1].ids)
        self.lead.with_user(self.sales).action_unlink_email(self.received.id)
        self.assertEqual((self.received.model, self.received.res_id), ("res.partner", self.partner.id))
        self.assertEqual(files.mapped("res_model"), ["res.partner", "crm.lead"])
        self.assertNotIn(self.received, self._emails(self.lead))
        self.assertIn(self.received, self._correspondence())

    def test_what_cannot_be_linked_or_taken_off_is_refused_with_the_way_out(self):
        note = self.partner.message_post(body="Just a note", subtype_xmlid="mail.mt_note")
        with self.assertRaisesRegex(UserError, "Just a note is not an e-mail"), self.env.cr.savepoint():
            self.lead.action_link_emails(note.ids)
        gone = self._receive(self.partner, "Gone")
        gone_id = gone.id
        gone.unlink()
        with self.assertRaisesRegex(UserError, "not there any more"), self.env.cr.savepoint():
            self.lead.action_link_emails([gone_id])
        self.assertTrue(self.lead.action_unlink_email(gone_id))
        without = self._make_lead(partner_id=False)
        with self.assertRaisesRegex(UserError, "Choose a customer"), self.env.cr.savepoint():
            without.action_unlink_email(self._receive(without, "Hello").id)
        own_note = self.lead.message_post(body="Internal", subtype_xmlid="mail.mt_note")
        with self.assertRaisesRegex(UserError, "Only e-mails"), self.env.cr.savepoint():
            self.lead.action_unlink_email(own_note.id)

    def test_merging_keeps_links_and_deleting_deletes_only_links(self):
        self.lead.action_link_emails(self.of_customer.ids)
        self.sibling.probability = 90
        merged = (self.lead | self.sibling).merge_opportunity()
        self.assertEqual(merged, self.sibling)
        self.assertEqual(merged.linked_message_ids, self.of_customer)
        self.assertEqual(self._emails(merged), self.received | self.of_customer | self.of_sibling)
        merged.unlink()
        self.assertTrue(self.of_customer.exists())

    def test_the_answer_goes_out_from_the_project_to_who_wrote(self):
        self.lead.action_link_emails(self.of_customer.ids)
        message = self.of_customer.with_user(self.sales).with_context(email_lead_id=self.lead.id)
        context = message.action_reply_email()["context"]
        self.assertEqual((context["default_model"], context["default_res_ids"]), ("crm.lead", self.lead.ids))
        self.assertIn(self.contact.id, context["default_partner_ids"])
        self.assertEqual(context["default_subject"], "Re: Holidays")
        self.assertIn("Holidays", context["default_body"])
        composer = self.env["mail.compose.message"].with_user(self.sales).with_context(**context).create({})
        composer._action_send_mail()
        self.assertIn("Re: Holidays", self._emails(self.lead).mapped("subject"))
        with self.assertRaisesRegex(UserError, "from the page of a project"), self.env.cr.savepoint():
            self.of_customer.action_reply_email()

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_a_link_lets_nobody_read_what_they_may_not_read_where_it_stands(self):
        foreign = self._make_lead(name="Foreign", user_id=self.other.id)
        secret = self._receive(foreign, "Secret")
        self.lead.action_link_emails(secret.ids)
        self.assertEqual(self._emails(self.lead, self.manager), self.received | secret)
        self.assertEqual(self._emails(self.lead, self.sales), self.received)
        self.assertEqual(self.lead.with_user(self.sales).email_count, 1)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.sales).read(["linked_message_ids"])
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.sales).search([("linked_message_ids.subject", "=", "Secret")])
        messages = self.env["mail.message"].with_user(self.sales)
        self.assertEqual(messages.search_count([("linked_lead_ids", "in", self.lead.ids)]), 0)
        self.assertFalse(messages._read_group([("linked_lead_ids", "in", self.lead.ids)], ["author_id"], ["__count"]))
        with self.assertRaises(AccessError):
            secret.with_user(self.sales).read(["subject", "body"])
        # Nor does the other's reader learn of the project that it was linked to.
        self.env.invalidate_all()
        self.assertEqual(secret.with_user(self.other).subject, "Secret")
        self.assertFalse(secret.with_user(self.other).linked_lead_ids)
        theirs = self.env["mail.message"].with_user(self.other)
        self.assertFalse(theirs.search([("linked_lead_ids", "in", self.lead.ids)]))
        with self.assertRaises(UserError):
            theirs.search([("linked_lead_ids.name", "=", self.lead.name)])

    def test_the_emails_of_a_restricted_project_do_not_come_out_where_they_are_linked(self):
        self.lead.action_link_emails(self.of_sibling.ids)
        self.sibling.is_restricted = True
        for user in (self.manager, self.all_leads):
            with self.subTest(user=user.login):
                self.assertEqual(self._emails(self.lead, user), self.received)
                self.assertEqual(self.lead.with_user(user).email_count, 1)
                self.assertEqual(self._correspondence(user), self.received | self.of_customer)
                with self.assertRaises(AccessError):
                    self.lead.with_user(user).action_unlink_email(self.of_sibling.id)
        self.assertEqual(self._emails(self.lead, self.sales), self.received | self.of_sibling)

    def test_nobody_links_or_takes_off_what_they_may_not_read_or_change(self):
        foreign = self._make_lead(name="Foreign", user_id=self.other.id)
        secret = self._receive(foreign, "Secret")
        mine = self.lead.with_user(self.sales)
        for attack in (
            lambda: mine.action_link_emails(secret.ids),
            lambda: mine.write({"linked_message_ids": [Command.link(secret.id)]}),
            lambda: mine.write({"linked_message_ids": [Command.set(secret.ids)]}),
            lambda: mine.write({"linked_message_ids": secret.ids}),
            lambda: mine.create({"name": "Trap", "linked_message_ids": [(4, secret.id)]}),
            lambda: mine.action_unlink_email(secret.id),
        ):
            with self.assertRaises(AccessError):
                attack()
        for user in (self.other, self.outsider, self.accountant):
            with self.subTest(user=user.login):
                for attack in (
                    lambda user=user: self.lead.with_user(user).action_link_emails(self.of_customer.ids),
                    lambda user=user: self.lead.with_user(user).action_unlink_email(self.received.id),
                    lambda user=user: (
                        self.received.with_user(user).with_context(email_lead_id=self.lead.id).action_reply_email()
                    ),
                    lambda user=user: (
                        self.received.with_user(user).with_context(email_lead_id=self.lead.id).action_take_off_project()
                    ),
                ):
                    with self.assertRaises(AccessError):
                        attack()
        self.assertEqual(self._emails(self.lead), self.received)

    def test_a_link_is_not_written_from_the_side_of_the_message(self):
        message = self._receive(self.partner, "Open to all").with_user(self.sales)
        message.write({"linked_lead_ids": [Command.link(self.lead.id)]})
        message.create(
            {"model": "crm.lead", "res_id": self.sibling.id, "linked_lead_ids": [Command.link(self.lead.id)]}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.lead.linked_message_ids)

    def test_moving_to_a_customer_takes_the_right_to_change_it(self):
        rights = self.env["ir.model.access"].search([("model_id.model", "=", "res.partner"), ("perm_write", "=", True)])
        rights.filtered(lambda access: access.group_id != self.env.ref("base.group_system")).perm_write = False
        with self.assertRaises(AccessError):
            self.lead.with_user(self.sales).action_unlink_email(self.received.id)
        self.assertEqual(self.received.model, "crm.lead")

    def test_each_role_sees_the_emails_it_may_read(self):
        self.lead.action_link_emails((self.of_customer | self.of_sibling).ids)
        everything = self.received | self.of_customer | self.of_sibling
        for user, expected in (
            (self.manager, everything),
            (self.sales, everything),
            (self.all_leads, everything),
            (self.accountant, everything),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._emails(self.lead, user), expected)
        # The customer's e-mail stands where they may read it; of the project they learn nothing.
        for user in (self.other, self.outsider):
            with self.subTest(user=user.login):
                self.assertFalse(self._emails(self.lead, user) & (self.received | self.of_sibling))
                self.assertEqual(self._correspondence(user), self.of_customer)

    def test_opening_the_views_of_projects_does_not_go_through_the_messages(self):
        leads = self.env["crm.lead"].with_user(self.sales)
        leads.get_views([(False, "search")])
        self.env.registry.clear_all_caches()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logged:
            leads.get_views([(False, "kanban"), (False, "graph"), (False, "pivot"), (False, "search")])
        self.assertFalse([line for line in logged.output if 'FROM "mail_message"' in line])
