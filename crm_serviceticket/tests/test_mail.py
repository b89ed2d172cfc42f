import base64

from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_case import DOMAIN, MailCase

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestComplaint(MailCase):
    """A mail to the team becomes a ticket."""

    def test_a_mail_of_a_known_person_is_a_ticket_of_their_company(self):
        ticket = self._receive(Cc=f"Bart <bart@bakker.example>, {self.address}")
        self.assertEqual(ticket.name, "Wheel broke off")
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.customer, self.anna))
        self.assertEqual((ticket.team_id, ticket.company_id), (self.service_team, self.home))
        self.assertIn("It broke off after two days.", ticket.description)
        self.assertIn("bart@bakker.example", ticket.email_cc)
        self.assertNotIn(self.address, ticket.email_cc)
        self.assertEqual(ticket.status_id, self.new)
        self.assertTrue(ticket.date_deadline)
        [message] = self._messages(ticket)
        self.assertEqual(message.author_id, self.anna)

    def test_who_writes_as_the_company_is_the_customer_alone(self):
        ticket = self._receive(From="info@bakker.example")
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.customer, self.env["res.partner"]))

    def test_of_an_unknown_person_the_address_is_kept(self):
        before = self.env["res.partner"].search_count([])
        ticket = self._receive(From="Zoë <zoe@nowhere.example>", Subject="Zoë vraagt iets")
        self.assertFalse(ticket.partner_id or ticket.contact_id)
        self.assertIn("zoe@nowhere.example", ticket.email_from)
        self.assertEqual(ticket.name, "Zoë vraagt iets")
        [(address, receipt)] = self._send()
        self.assertEqual(address, "zoe@nowhere.example")
        self.assertIn(ticket.number, receipt["Subject"])
        self.assertEqual(self.env["res.partner"].search_count([]), before, "Nobody is made a contact by a mail")

    def test_the_files_of_a_complaint_are_in_the_portal_whoever_sent_it(self):
        for sender in ("Anna <anna@bakker.example>", "Zoë <zoe@nowhere.example>"):
            with self.subTest(sender):
                mail = self._mail(From=sender)
                mail.add_attachment(PICTURE, maintype="image", subtype="png", filename="wheel.png")
                self.assertEqual(self._receive(mail)._get_portal_attachments().mapped("name"), ["wheel.png"])

    def test_a_colleague_who_hands_a_mail_on_is_no_customer(self):
        ticket = self._receive(From=self.service.email, Subject="Fwd: Wheel broke off")
        self.assertFalse(ticket.partner_id or ticket.contact_id)
        self.assertFalse(ticket.receipt_on)

    def test_what_a_colleague_says_of_what_is_handed_on_is_a_note(self):
        self.service_team.user_id = self.ticket_manager
        mail = self._mail("x", From=self.service.email, Subject="Fwd: It broke")
        mail.set_content(
            "<div>A troublemaker, give them nothing"
            "<div class='gmail_quote'><blockquote>It broke.</blockquote></div></div>",
            subtype="html",
        )
        mail.add_attachment(b"%PDF-1.4 note", maintype="application", subtype="pdf", filename="calculation.pdf")
        ticket = self._receive(mail)
        self.assertIn("It broke.", ticket.description)
        self.assertNotIn("troublemaker", ticket.description)
        message = self._messages(ticket)
        self.assertTrue(message.is_internal and message.subtype_id.internal)
        self.assertIn("troublemaker", message.body)
        self.assertFalse(ticket._is_for_customer(message))
        self.assertTrue(message.attachment_ids)
        self.assertFalse(ticket._get_portal_attachments())
        self.assertIn(self.ticket_manager.email, [address for address, _mail in self._send()])
        alone = self._receive(From=self.service.email, Subject="Trouble at Bakker")
        self.assertFalse(alone.description, "What a colleague writes is no complaint")

    def test_a_customer_of_another_company_is_not_taken_for_ours(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.service_team.company_id = self.home
        self.stranger.company_id = elsewhere
        ticket = self._receive(From=self.stranger.email)
        self.assertFalse(ticket.partner_id)
        self.assertIn(self.stranger.email, ticket.email_from)

    def test_without_a_subject_or_a_text_it_is_a_ticket_as_well(self):
        self.assertEqual(self._receive(Subject=None).name, "No subject")
        self.assertFalse(self._receive(self._mail(" \n")).description)

    def test_scripts_and_what_others_said_are_left_out_of_the_complaint(self):
        mail = self._mail("x")
        mail.set_content(
            "<div>It <b>broke</b>.<script>alert(1)</script><img src='x' onerror='alert(1)'></div>"
            "<div class='gmail_signature'>Anna, Purchasing</div>"
            "<div class='gmail_quote'><blockquote>Your order has left.</blockquote></div>",
            subtype="html",
        )
        ticket = self._receive(mail)
        self.assertIn("It <b>broke</b>.", ticket.description)
        for gone in ("script", "onerror", "Purchasing", "has left"):
            self.assertNotIn(gone, ticket.description)
        self.assertIn("has left", self._messages(ticket).body, "The history has all of it")

    def test_what_is_handed_on_is_the_complaint(self):
        mail = self._mail("x", Subject="Fwd: It broke")
        mail.set_content("<div>See below<div class='gmail_quote'>It broke.</div></div>", subtype="html")
        self.assertIn("It broke.", self._receive(mail).description)

    def test_files_are_on_the_ticket_and_pictures_in_the_text(self):
        mail = self._mail()
        mail.add_alternative("<p>Look: <img src='cid:photo'></p>", subtype="html")
        mail.get_payload()[1].add_related(PICTURE, "image", "png", cid="<photo>", filename="photo.png")
        mail.add_attachment(b"%PDF-1.4 note", maintype="application", subtype="pdf", filename="note.pdf")
        ticket = self._receive(mail)
        files = self.env["ir.attachment"].search([("res_model", "=", "crm.ticket"), ("res_id", "=", ticket.id)])
        self.assertEqual(set(files.mapped("name")), {"photo.png", "note.pdf"})
        photo = files.filtered(lambda file: file.name == "photo.png")
        self.assertIn(f"/web/image/{photo.id}", ticket.description)

    def test_a_text_that_no_screen_can_show_is_a_file(self):
        text = "It broke. " + "Terribly!\n" * 300_000
        ticket = self._receive(self._mail(text))
        self.assertLess(len(ticket.description), 400_000)
        self.assertIn("It broke.", ticket.description)
        [file] = self._messages(ticket).attachment_ids
        self.assertEqual(file.name, "message.txt")
        self.assertEqual(file.raw.decode().count("Terribly!"), 300_000)

    def test_the_team_goes_on_having_leads_at_its_own_address(self):
        alias = {"alias_name": "hardware", "alias_domain_id": self.domain.id}
        self.service_team.write({"use_opportunities": True, **alias})
        lead = self.env["crm.lead"].browse(self._receive(To=f"hardware@{DOMAIN}").id)
        self.assertEqual(lead.team_id, self.service_team)
        self.assertEqual(self._receive().team_id, self.service_team)

    def test_the_leader_is_told_and_responsible(self):
        self.service_team.user_id = self.service
        ticket = self._receive()
        self.assertEqual(ticket.user_id, self.service)
        self.assertIn(self.service.email, [address for address, _mail in self._send()])

    def test_the_same_mail_delivered_again_makes_nothing_new(self):
        mail = self._mail()
        self.assertTrue(self._receive(mail))
        self.assertFalse(self._receive(mail))


@tagged("post_install", "-at_install")
class TestReceipt(MailCase):
    def test_who_complains_is_told_the_number_once_in_their_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        template = self.env.ref("crm_serviceticket.mail_template_ticket_receipt")
        template.with_context(lang="nl_NL").subject = "Wij hebben uw klacht {{ object.number }} ontvangen"
        self.anna.lang = "nl_NL"
        ticket = self._receive()
        [(address, receipt)] = self._send()
        self.assertEqual(address, "anna@bakker.example")
        self.assertEqual(receipt["Subject"], f"Wij hebben uw klacht {ticket.number} ontvangen")
        self.assertIn(self.address, receipt["Reply-To"])
        self.assertIn(self.home.name, receipt["From"])
        self.assertEqual(receipt["Auto-Submitted"], "auto-replied")
        self.assertIn("Wheel broke off", receipt.get_body(("html",)).get_content())
        self._receive(self._answer(receipt))
        self.assertFalse(self._send(), "An answer is not confirmed")

    def test_a_team_may_confirm_nothing(self):
        self.service_team.ticket_receipt = False
        self._receive()
        self.assertFalse(self._send())

    def test_a_ticket_made_by_hand_is_not_confirmed(self):
        self._make_ticket()
        self.assertFalse(self._send())

    def test_it_is_in_the_history(self):
        [receipt] = self._messages(self._receive(), "auto_comment")
        self.assertEqual(receipt.author_id, self.home.partner_id)
        self.assertFalse(receipt.subtype_id.internal)


@tagged("post_install", "-at_install")
class TestAnswer(MailCase):
    """What is answered lands on the ticket."""

    def test_an_answer_to_what_was_sent_lands_on_it(self):
        ticket = self._make_ticket()
        ticket.with_user(self.service).message_post(
            body="Which wheel?", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.anna.ids
        )
        [(address, question)] = self._send()
        self.assertEqual(address, "anna@bakker.example")
        self.assertIn(ticket.number, question["Subject"])
        self.assertIn(f"<{self.address}>", question["Reply-To"])
        self.assertEqual(self._receive(self._answer(question)), ticket)
        self.assertIn("The left one.", self._messages(ticket).body)

    def test_the_number_is_in_every_subject(self):
        ticket = self._make_ticket()
        for subject in ("Your wheel", False, f"About {ticket.number}"):
            ticket.message_post(
                body="x",
                subject=subject,
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
                partner_ids=self.anna.ids,
            )
            [(_address, mail)] = self._send()
            with self.subTest(subject=subject):
                self.assertEqual(mail["Subject"].count(ticket.number), 1)

    def test_a_new_mail_with_the_number_lands_on_it_when_they_have_a_part_in_it(self):
        table = [
            ("Anna <anna@bakker.example>", True),
            ("bart@bakker.example", True),
            ("INFO@bakker.example", True),
            ("New Man <new@bakker.example>", False),
            (self.stranger.email, False),
            (self.service.email, True),
            (self.outsider.email, False),
        ]
        for sender, lands in table:
            for subject in ("Again {}", "[{}]: again", "AW: {}"):
                ticket = self._make_ticket()
                found = self._receive(From=sender, Subject=subject.format(ticket.number))
                with self.subTest(sender=sender, subject=subject):
                    self.assertEqual(found == ticket, lands)
                    self.assertTrue(found, "A stranger's mail is a ticket of its own")

    def test_mere_digits_are_a_number_where_an_answer_has_them(self):
        ticket = self._make_ticket(number="4711")
        table = [
            ("Order 4711 never came", False),
            ("4711 November", False),
            ("#4711", False),
            ("More on [4711]", True),
            ("Re: Order 4711", True),
            ("AW: 4711", True),
        ]
        for subject, lands in table:
            with self.subTest(subject=subject):
                self.assertEqual(self._receive(Subject=subject) == ticket, lands)

    def test_by_the_address_where_nobody_knows_them(self):
        ticket = self._receive(From="zoe@nowhere.example")
        subject = f"More on {ticket.number}"
        self.assertEqual(self._receive(From="Zoe <zoe@nowhere.example>", Subject=subject), ticket)
        self.assertNotEqual(self._receive(From="eve@nowhere.example", Subject=subject), ticket)

    def test_a_colleague_who_may_not_see_it_gets_not_into_it(self):
        lead = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        ticket = self._make_ticket(lead_id=lead.id)
        self.assertNotEqual(self._receive(From=self.service.email, Subject=f"Re: {ticket.number}"), ticket)

    def test_it_opens_what_was_closed(self):
        ticket = self._receive()
        [(_address, receipt)] = self._send()
        self._close_ticket(ticket)
        self._receive(self._answer(receipt))
        self.assertEqual((ticket.status_id, ticket.reopened_count), (self.new, 1))
        self._close_ticket(ticket)
        self._receive(Subject=f"It broke again ({ticket.number})")
        self.assertEqual(ticket.reopened_count, 2)

    def test_a_colleague_s_mail_is_for_the_customer_only_as_an_answer(self):
        ticket = self._receive()
        [(_address, receipt)] = self._send()
        ticket.message_subscribe((self.anna | self.ticket_manager.partner_id).ids)
        self._receive(From=self.service.email, Subject=f"Re: {ticket.number}")
        note = self._messages(ticket)[-1]
        self.assertEqual(note.author_id, self.service.partner_id)
        self.assertTrue(note.is_internal and note.subtype_id.internal)
        self.assertEqual([address for address, _mail in self._send()], [self.ticket_manager.email])
        elsewhere = self._make_ticket()
        self._receive(self._answer(receipt, From=self.service.email))
        comment = self._messages(ticket)[-1]
        self.assertFalse(comment.is_internal or comment.subtype_id.internal)
        self.assertIn("anna@bakker.example", [address for address, _mail in self._send()])
        self.assertFalse(self._messages(elsewhere))

    def test_a_colleague_s_mail_opens_nothing(self):
        ticket = self._close_ticket(self._receive())
        [(_address, receipt)] = self._send()
        self._receive(self._answer(receipt, From=self.service.email))
        self.assertEqual(len(self._messages(ticket)), 2)
        self.assertTrue(ticket.is_closed)

    def test_one_mail_to_two_of_our_addresses_with_a_number_is_one_message(self):
        second = self.env["crm.team"].create({"name": "Returns", "uses_tickets": True, "ticket_alias_name": "returns"})
        second.ticket_alias_domain_id = self.domain
        ticket = self._make_ticket()
        self._receive(To=f"{self.address}, returns@{DOMAIN}", Subject=ticket.number)
        self.assertEqual(len(self._messages(ticket)), 1)

    def test_leads_of_the_team_are_not_answered_to_the_tickets(self):
        lead = self._make_lead(team_id=self.service_team.id)
        reply_to = lead._notify_get_reply_to()[lead.id]
        self.assertNotIn(self.address, reply_to)
        self.assertIn(f"catchall@{DOMAIN}", reply_to)

    def test_an_address_that_bounces_is_told_on_the_message(self):
        self.mail_server.refused.add("anna@bakker.example")
        ticket = self._make_ticket()
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            message = ticket.message_post(
                body="x", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.anna.ids
            )
            self.assertFalse(self._send())
        self.assertEqual(message.notification_ids.notification_status, "exception")


@tagged("post_install", "-at_install")
class TestQuestion(MailCase):
    def _ask(self, ticket, user=None):
        action = self._as(user or self.service, ticket).action_question()
        composer = self.env["mail.compose.message"].with_user(user or self.service).with_context(**action["context"])
        composer = composer.create({})
        return composer

    def test_the_customer_is_asked_in_their_language_and_the_ticket_waits(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        template = self.env.ref("crm_serviceticket.mail_template_ticket_question")
        template.with_context(lang="nl_NL").subject = "Vraag over uw klacht {{ object.number }}"
        ticket = self._make_ticket()
        self._ask(ticket).action_send_mail()
        [(address, question)] = self._send()
        self.assertEqual(address, "anna@bakker.example")
        self.assertEqual(question["Subject"], f"Question on your complaint {ticket.number}")
        self.assertEqual(ticket.status_id, self.waiting)
        self._receive(self._answer(question))
        self.assertEqual(ticket.status_id, self.work)
        self.anna.lang = "nl_NL"
        self._send()
        self._ask(ticket).action_send_mail()
        [(_address, question)] = self._send()
        self.assertEqual(question["Subject"], f"Vraag over uw klacht {ticket.number}")

    def test_the_customer_is_asked_where_no_person_is_known(self):
        ticket = self._make_ticket(contact_id=False)
        self._ask(ticket).action_send_mail()
        self.assertEqual([address for address, _mail in self._send()], ["info@bakker.example"])

    def test_a_closed_ticket_stays_closed(self):
        ticket = self._close_ticket(self._make_ticket())
        self._ask(ticket).action_send_mail()
        self.assertEqual(ticket.status_id, self.closed)

    def test_what_is_written_otherwise_changes_no_status(self):
        ticket = self._make_ticket()
        ticket.with_user(self.service).message_post(
            body="x", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.anna.ids
        )
        self.assertEqual(ticket.status_id, self.new)
