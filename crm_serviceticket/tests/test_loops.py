from odoo.tests import tagged

from .mail_case import DOMAIN, MailCase

# What programs write on the mails with which they answer, and on those that they send by themselves.
ANSWERS = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-replied (vacation)"},
    {"Auto-Submitted": "auto-generated", "In-Reply-To": "<something@else.example>"},
    {"Precedence": "auto_reply"},
    {"X-Autoreply": "yes"},
    {"Return-Path": "<>"},
    {"X-Auto-Response-Suppress": "All", "In-Reply-To": "<something@else.example>"},
    {"From": f"service@{DOMAIN}"},
    {"From": f"Ourselves <catchall@{DOMAIN}>"},
]
BULK = [
    {"Auto-Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"X-Auto-Response-Suppress": "All"},
]


@tagged("post_install", "-at_install")
class TestLoops(MailCase):
    def test_an_automatic_answer_to_nothing_of_ours_opens_nothing(self):
        for headers in ANSWERS:
            before = self.env["crm.ticket"].search_count([])
            with self.subTest(headers=headers):
                self.assertFalse(self._receive(**headers))
                self.assertEqual(self.env["crm.ticket"].search_count([]), before)
        self.assertFalse(self._send())

    def test_on_a_ticket_it_is_kept_and_changes_nothing(self):
        for headers in ANSWERS:
            ticket = self._make_ticket(status_id=self.waiting.id)
            ticket.message_post(
                body="Which wheel?", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.anna.ids
            )
            [(_address, question)] = self._send()
            ticket.message_subscribe((self.bart | self.service.partner_id).ids)
            self._receive(self._answer(question, **headers))
            told = {address for address, _mail in self._send()}
            with self.subTest(headers=headers):
                self.assertEqual(len(self._messages(ticket)), 1)
                self.assertEqual(told, {self.service.email}, "No customer, whose program would answer it")
                self.assertEqual(ticket.status_id, self.waiting)
                self._close_ticket(ticket)
                self._receive(self._answer(question, **headers))
                self.assertEqual(len(self._messages(ticket)), 2)
                self.assertTrue(ticket.is_closed)
                self.assertFalse(ticket.reopened_count)
                self._send()

    def test_by_the_number_as_well(self):
        ticket = self._close_ticket(self._make_ticket())
        subject = f"Automatic reply: {ticket.number}"
        self.assertEqual(self._receive(Subject=subject, Auto_Submitted="auto-replied"), ticket)
        self.assertTrue(ticket.is_closed)

    def test_what_a_program_sends_by_itself_is_one_ticket_and_is_not_confirmed(self):
        for headers in BULK:
            sender = {"From": f"forms-{BULK.index(headers)}@bakker.example"}
            first = self._receive(**headers, **sender)
            second = self._receive(**headers, **sender, Subject="Wheel  broke off")
            another = self._receive(**headers, **sender, Subject="Another one")
            with self.subTest(headers=headers):
                self.assertTrue(first)
                self.assertEqual(second, first)
                self.assertEqual(len(self._messages(first)), 2)
                self.assertNotEqual(another, first)
                self.assertFalse(self._send())
                self._close_ticket(first)
                third = self._receive(**headers, **sender)
                self.assertNotEqual(third, first, "What is closed is not opened by a program")

    def test_what_customers_fill_in_on_a_form_is_a_ticket_of_each(self):
        form = {"From": "Shop <noreply@shop.example>", "Auto_Submitted": "auto-generated", "Subject": "Complaint"}
        zoe = self._receive(self._mail("Zoe's secret", **form, Reply_To="Zoe <zoe@nowhere.example>"))
        bart = self._receive(self._mail("Bart's wheel", **form, Reply_To="Bart <bart@bakker.example>"))
        self.assertNotEqual(bart, zoe)
        self.assertEqual(zoe.email_from_normalized, "zoe@nowhere.example")
        self.assertEqual(bart.email_from_normalized, "bart@bakker.example")
        self.assertFalse(bart.partner_id, "Anybody may type in an address")
        self.assertFalse(self._send())
        again = self._receive(self._mail("Still", **form, Reply_To="ZOE@nowhere.example"))
        self.assertEqual(again, zoe)
        quoting = {**form, "Subject": f"About {bart.number}"}
        self.assertNotEqual(self._receive(self._mail("x", **quoting, Reply_To="zoe@nowhere.example")), bart)
        self.assertEqual(self._receive(self._mail("x", **quoting, Reply_To="bart@bakker.example")), bart)
        bart.message_post(
            body="Which wheel?",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            outgoing_email_to=bart.email_from,
        )
        [(address, question)] = self._send()
        self.assertEqual(address, "bart@bakker.example")
        self.assertEqual(self._receive(self._answer(question)), bart)

    def test_nothing_is_put_on_a_ticket_that_has_turned_out_to_be_somebody_s(self):
        form = {"From": "noreply@shop.example", "Auto_Submitted": "auto-generated", "Subject": "Complaint"}
        ticket = self._receive(**form)
        ticket.write({"partner_id": self.customer.id, "contact_id": self.anna.id})
        self.assertNotEqual(self._receive(**form), ticket)
        of_anna = self._receive(Auto_Submitted="auto-generated")
        self.assertEqual(of_anna.contact_id, self.anna)
        self.assertEqual(self._receive(Auto_Submitted="auto-generated"), of_anna)

    def test_a_program_that_writes_for_one_person_without_end_is_stopped(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        form = {"From": "noreply@shop.example", "Auto_Submitted": "auto-generated", "Reply_To": "zoe@nowhere.example"}
        tickets = [self._receive(**form, Subject=f"Help {number}") for number in range(5)]
        self.assertEqual([bool(ticket) for ticket in tickets], [True, True, True, False, False])
        self.assertTrue(self._receive(**{**form, "Reply_To": "ada@nowhere.example"}), "Others are not")

    def test_a_group_of_mailboxes_that_hands_a_mail_on_is_no_program(self):
        ticket = self._receive(Precedence="list", List_Id="<service.bakker.example>")
        self.assertTrue(ticket.receipt_on)

    def test_two_systems_that_confirm_each_other_stop(self):
        self._receive(From="help@system.example")
        receipts = 0
        for number in range(10):
            for _address, receipt in self._send():
                receipts += 1
                # the other system says nowhere that it is one, and makes a case of its own of each
                self._receive(
                    From="help@system.example", Subject=f"Case {number}: {receipt['Subject'].split('T2')[0]}received"
                )
        self.assertEqual(receipts, 3)
        tickets = self.env["crm.ticket"].search([("email_from", "ilike", "help@system.example")])
        self.assertEqual(len(tickets), 4)

    def test_who_sends_very_many_is_stopped_as_by_odoo(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        tickets = [self._receive(From="mad@system.example", Subject=f"Help {number}") for number in range(5)]
        self.assertEqual([bool(ticket) for ticket in tickets], [True, True, True, False, False])
        for other in ("admad@system.example.org", "ad@system.example", "ma_@system.example"):
            self.assertTrue(self._receive(From=other), "Others are not")

    def test_whose_address_is_the_end_of_another_s_is_somebody_else(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 4)
        for number in range(4):
            self._receive(From="Customer Service <customerservice@bakker.example>", Subject=f"Help {number}")
        self._send()
        bulk = {"Auto_Submitted": "auto-generated", "Subject": "Help 3"}
        for sender in ("service@bakker.example", "customer_ervice@bakker.example"):
            with self.subTest(sender=sender):
                by_itself = self._receive(From=sender, **bulk)
                self.assertEqual(len(self._messages(by_itself)), 1, "Is not taken to the other's")
                ticket = self._receive(From=sender)
                self.assertTrue(ticket, "Is not stopped with it")
                self.assertTrue(ticket.receipt_on, "Gets a receipt")
                self.assertEqual(len(self._send()), 1)

    def test_a_bounce_opens_nothing(self):
        ticket = self._close_ticket(self._make_ticket())
        ticket.message_post(
            body="x", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.anna.ids
        )
        [(_address, mail)] = self._send()
        before = self.env["crm.ticket"].search_count([])
        self._receive(self._answer(mail, From="MAILER-DAEMON@bakker.example"))
        self.assertEqual(self.env["crm.ticket"].search_count([]), before)
        self.assertTrue(ticket.is_closed)

    def test_our_own_out_of_office_note_comes_back_to_nothing(self):
        ticket = self._receive()
        [(_address, receipt)] = self._send()
        self.assertFalse(self._receive(receipt.as_bytes()), "A mail of ours that comes back is known by its id")
        self.assertEqual(len(ticket.message_ids.filtered(lambda message: message.message_type == "auto_comment")), 1)
