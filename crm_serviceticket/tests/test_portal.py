import json
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import TicketCase


class PortalCase(TicketCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna_user = cls._make_portal_user(cls.anna)
        cls.stranger_user = cls._make_portal_user(cls.stranger)
        cls.theirs = cls._make_ticket(name="Squeaking wheel", partner_id=cls.stranger.id, contact_id=False)
        cls.ticket = cls._make_ticket()

    def _log_in(self, user):
        self.authenticate(user.login, f"{user.login}-1234")

    def _get(self, url):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        return answer

    def _is_shown(self, answer, ticket):
        return urlsplit(answer.url).path == f"/my/tickets/{ticket.id}" and ticket.name in answer.text


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def test_a_customer_sees_the_tickets_of_the_whole_company_and_no_others(self):
        of_bart = self._make_ticket(name="Bent fork", contact_id=self.bart.id)
        self._log_in(self.anna_user)
        page = self._get("/my/tickets").text
        self.assertIn(self.ticket.name, page)
        self.assertIn(of_bart.name, page)
        self.assertNotIn(self.theirs.name, page)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["ticket_count"]})
        self.assertEqual(counters["ticket_count"], 2)
        self.assertIn("/my/tickets", self._get("/my").text)

    def test_the_list_is_sorted_filtered_searched_and_in_pages(self):
        many = self._make_ticket(name="Bulk 1")
        many |= self.env["crm.ticket"].concat(*(self._make_ticket(name=f"Bulk {number}") for number in range(2, 85)))
        self._close_ticket(many[0])
        self._log_in(self.anna_user)
        self.assertEqual(self._get("/my/tickets").text.count('class="text-reset"'), 80)
        table = [
            ("?filterby=closed", "Bulk 1<", "Bulk 2<"),
            ("?filterby=open&search=Bulk", "Bulk 9<", "Bulk 1<"),
            ("?search=Bulk 77", "Bulk 77<", "Bulk 78<"),
            (f"?search={many[3].number}&search_in=number", "Bulk 4<", "Bulk 5<"),
            ("/page/2?sortby=name", self.ticket.name, "Bulk 1<"),
            ("?sortby=hack&filterby=hack&search_in=hack", "Bulk 84<", "Bulk 1<"),
        ]
        for query, there, absent in table:
            with self.subTest(query):
                page = self._get(f"/my/tickets{query}").text
                self.assertIn(there, page)
                self.assertNotIn(absent, page)
        self.assertIn("No ticket is like that", self._get("/my/tickets?search=nowhere").text)

    def test_of_others_nothing_is_shown_whatever_is_tried(self):
        own_token = self.ticket._portal_ensure_token()
        token = self.theirs._portal_ensure_token()
        self._log_in(self.anna_user)
        for query in ("", "?access_token=", "?access_token=wrong", f"?access_token={own_token}"):
            with self.subTest(query):
                self.assertFalse(self._is_shown(self._get(f"/my/tickets/{self.theirs.id}{query}"), self.theirs))
        self.assertTrue(self._is_shown(self._get(f"/my/tickets/{self.theirs.id}?access_token={token}"), self.theirs))
        self.assertFalse(self._is_shown(self._get("/my/tickets/999999999"), self.theirs))

    def test_without_a_login_it_takes_the_link_that_was_sent(self):
        url = f"/my/tickets/{self.ticket.id}"
        self.authenticate(None, None)
        self.assertIn("/web/login", self._get("/my/tickets").url)
        for query in ("", "?access_token=wrong"):
            with self.subTest(query):
                self.assertFalse(self._is_shown(self._get(url + query), self.ticket))
        self.assertTrue(self._is_shown(self._get(self.ticket.get_portal_url()), self.ticket))

    def test_who_was_archived_is_out(self):
        self._log_in(self.anna_user)
        self.assertTrue(self._is_shown(self._get(self.ticket.access_url), self.ticket))
        self.anna_user.active = False
        self.env.flush_all()
        self.assertFalse(self._is_shown(self._get(self.ticket.access_url), self.ticket))

    def test_restricted_projects_and_private_customers_are_so_among_colleagues(self):
        lead = self._make_lead(partner_id=self.customer.id, user_id=self.sales.id, company_id=False, name="Merger")
        self.ticket.lead_id = lead
        lead.with_user(self.sales).is_restricted = True
        self.customer.user_id = self.sales
        self.env.ref("crm_salesboard.res_partner_rule_private").active = True
        self.assertFalse(self._as(self.other, self.ticket).has_access("read"))
        self.assertTrue(self._as(self.anna_user, self.ticket).has_access("read"))
        self._log_in(self.anna_user)
        answer = self._get(self.ticket.access_url)
        self.assertTrue(self._is_shown(answer, self.ticket))
        self.assertNotIn("Merger", answer.text)

    def test_the_page_tells_what_customers_may_know(self):
        self.ticket.write({"user_id": self.sales.id, "measure_id": self.exchange.id})
        self.ticket.message_post(body="Not worth a cent", subtype_xmlid="mail.mt_note")
        self._log_in(self.anna_user)
        page = self._get(self.ticket.access_url).text
        for told in (self.ticket.number, "After two days.", "Exchange", "New", "Anna"):
            self.assertIn(told, page)
        for kept in ("Not worth a cent", self.sales.name, self.sales.email, "Deadline"):
            self.assertNotIn(kept, page)
        self._close_ticket(self.ticket, "A new wheel is on its way")
        page = self._get(self.ticket.access_url).text
        self.assertIn("A new wheel is on its way", page)

    def test_documents_are_those_that_were_sent_to_and_fro(self):
        def post(name, **values):
            return self.ticket.message_post(body=name, attachments=[(f"{name}.txt", name.encode())], **values)

        post("answer", subtype_xmlid="mail.mt_comment", message_type="comment")
        post("note", subtype_xmlid="mail.mt_note")
        post("photo", subtype_xmlid="mail.mt_comment", message_type="email", author_id=self.anna.id)
        post("forwarded", subtype_xmlid="mail.mt_note", message_type="email", author_id=self.sales.partner_id.id)
        post("filed", subtype_xmlid="mail.mt_note", message_type="email", author_id=self.anna.id)
        post("stranger", subtype_xmlid="mail.mt_note", message_type="email", email_from="who@unknown.example")
        post("kept", subtype_xmlid="mail.mt_comment", message_type="email", author_id=self.anna.id, is_internal=True)
        self.env["ir.attachment"].create(
            {"name": "calculation.txt", "raw": b"x", "res_model": "crm.ticket", "res_id": self.ticket.id}
        )
        names = self.ticket._get_portal_attachments().mapped("name")
        self.assertEqual(names, ["answer.txt", "photo.txt"])
        self._log_in(self.anna_user)
        page = self._get(self.ticket.access_url).text
        kept = ("calculation.txt", "note.txt", "forwarded.txt", "filed.txt", "stranger.txt", "kept.txt")
        for name in kept:
            self.assertNotIn(name, page)
        [photo] = self.ticket._get_portal_attachments().filtered(lambda file: file.name == "photo.txt")
        url = f"/web/content/{photo.id}?access_token={photo.access_token}"
        self.assertEqual(self._get(url).content, b"photo")
        for file in self.env["ir.attachment"].search(
            [("res_model", "=", "crm.ticket"), ("res_id", "=", self.ticket.id)]
        ):
            if file.name in kept:
                with self.subTest(file.name):
                    self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, file.raw)

    def test_by_program_as_well_they_read_what_the_page_shows(self):
        ticket = self._as(self.anna_user, self.ticket)
        self.assertEqual(ticket.name, self.ticket.name)
        self.assertEqual(ticket.search([]), self.ticket)
        for name in (
            "user_id",
            "lead_id",
            "priority",
            "date_deadline",
            "team_id",
            "access_token",
            "message_follower_ids",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.read([name])
        for domain in ([("user_id", "!=", False)], [("lead_id", "!=", False)]):
            with self.subTest(domain), self.assertRaises(AccessError):
                ticket.search(domain)
        for method, args in (("write", [{"name": "x"}]), ("unlink", []), ("action_prepare", [])):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(ticket, method)(*args)
        with self.assertRaises(AccessError):
            ticket.create({"name": "x", "partner_id": self.customer.id})
        self.assertFalse(self._as(self.anna_user, self.theirs).has_access("read"))

    def test_answers_with_files_land_on_the_ticket(self):
        self._log_in(self.anna_user)
        self._post(self.ticket, "Here is a photo")
        message = self.ticket.message_ids[0]
        self.assertEqual(message.author_id, self.anna)
        self.assertIn("Here is a photo", message.body)
        self.assertFalse(message.is_internal)
        self.assertFalse(self._post(self.theirs, "Mine?"))
        token = self.ticket._portal_ensure_token()
        self.authenticate(None, None)
        self.assertTrue(self._post(self.ticket, "By the link", token=token))
        self.assertFalse(self._post(self.ticket, "Without", token="wrong"))
        self.assertIn("By the link", self.ticket.message_ids[0].body)
        self.assertIn(self.ticket.message_ids[0].author_id, self.customer | self.anna)

    def _post(self, ticket, body, **access):
        params = {
            "thread_model": "crm.ticket",
            "thread_id": ticket.id,
            "post_data": {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
            **access,
        }
        answer = self.url_open(
            "/mail/message/post",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()
        return "error" not in answer.json()

    def test_the_conversation_shows_no_notes(self):
        self.ticket.message_post(body="Dear Anna", subtype_xmlid="mail.mt_comment", message_type="comment")
        self.ticket.message_post(body="Not worth a cent", subtype_xmlid="mail.mt_note")
        token = self.ticket._portal_ensure_token()
        for user, access in ((self.anna_user, {}), (None, {"token": token})):
            self._log_in(user) if user else self.authenticate(None, None)
            params = {"thread_model": "crm.ticket", "thread_id": self.ticket.id, **access}
            told = json.dumps(self.make_jsonrpc_request("/mail/chatter_fetch", params))
            with self.subTest(user=user):
                self.assertIn("Dear Anna", told)
                self.assertNotIn("Not worth a cent", told)

    def test_a_mail_from_the_ticket_leads_the_customer_to_the_page(self):
        url = self.ticket._get_share_url()
        self.assertEqual(urlsplit(url).path, f"/my/tickets/{self.ticket.id}")
        self.assertTrue(parse_qs(urlsplit(url).query)["access_token"])
        groups = self.ticket._notify_get_recipients_groups(self.ticket.message_ids[:1], "Ticket")
        self.assertTrue(next(group for group in groups if group[0] == "portal")[2]["has_button_access"])


class PortalTour(PortalCase):
    def _answer(self):
        # a tour logs in with the login as the password
        self.anna_user.password = self.anna_user.login
        self.ticket.measure_id = self.exchange
        self.ticket.message_post(body="Not worth a cent", subtype_xmlid="mail.mt_note")
        self.start_tour("/my", "ticket_portal", login=self.anna_user.login)
        self.env.invalidate_all()
        answer = self.ticket.message_ids.filtered(lambda message: "looks like" in (message.body or ""))
        self.assertEqual(answer.author_id, self.anna)


@tagged("post_install", "-at_install")
class TestPortalScreen(PortalTour):
    def test_a_customer_reads_and_answers(self):
        self._answer()
        self.assertFalse(self.ticket.is_closed)

    def test_an_answer_opens_a_closed_ticket_again(self):
        self._close_ticket(self.ticket)
        self._answer()
        self.assertFalse(self.ticket.is_closed)
        self.assertEqual(self.ticket.reopened_count, 1)


@tagged("post_install", "-at_install")
class TestPortalPhone(PortalTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_customer_answers_on_a_phone(self):
        self._answer()
