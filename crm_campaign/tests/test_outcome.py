from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mail_case import AUTO_REPLY, MailCase


@tagged("post_install", "-at_install")
class TestOutcome(MailCase):
    def setUp(self):
        super().setUp()
        self.people = self._make_people(3)
        self.members = self._make_members(self.people)
        self.reactions = []
        self.patch(
            self.registry["crm.campaign.member"], "_on_reaction", lambda members: self.reactions.extend(members.ids)
        )
        self.first = self.people[0].email

    def _outcomes(self, dispatches):
        self.env.invalidate_all()
        return dispatches.mapped("outcome")

    def test_what_happens_is_told_per_member_by_odoos_own_records(self):
        dispatches = self._send()
        self.assertEqual(self._outcomes(dispatches), ["sent"] * 3)
        self._open(self.first)
        self.assertEqual(self._outcomes(dispatches), ["opened", "sent", "sent"])
        self._click(self.first)
        self.assertEqual(self._outcomes(dispatches), ["clicked", "sent", "sent"])
        self._answer(self.first)
        self.assertEqual(self._outcomes(dispatches), ["answered", "sent", "sent"])
        self._bounce(self.people[1].email)
        self.assertEqual(self._outcomes(dispatches), ["answered", "bounced", "sent"])

    def test_whom_the_mail_server_does_not_know_failed(self):
        self.mail_server.refused.add(self.first)
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            dispatches = self._send()
        self.assertEqual(self._outcomes(dispatches), ["failed", "sent", "sent"])

    def test_an_answer_is_on_the_member_and_in_the_customers_history_and_whoever_sells_is_told(self):
        self.people[0].user_id = self.sales
        dispatches = self._send()
        self._answer(self.first, "Two tickets, please.")
        answer = self.members[0].message_ids.filtered(lambda message: "Two tickets" in message.body)
        self.assertEqual(answer.author_id, self.people[0])
        self.assertIn(self.sales.partner_id, answer.notified_partner_ids)
        log = self.people[0].message_ids.filtered(lambda message: "Two tickets" in message.body)
        self.assertEqual(len(log), 1)
        self.assertEqual(log.author_id, self.people[0])
        self.assertIn(self.campaign.display_name, log.body)
        self.assertEqual(self.reactions, dispatches[0].member_id.ids)
        self._answer(self.people[1].email, number=2)
        self.assertIn(self.manager.partner_id, self.members[1].message_ids[0].notified_partner_ids)

    def test_an_answer_of_a_lead_is_in_the_leads_history(self):
        contact = self._make_contact(1)
        member = self._make_members(contact)
        self._send()
        self._answer(contact.email_from, "Call me.")
        self.assertEqual(member.dispatch_ids.outcome, "answered")
        self.assertTrue(contact.message_ids.filtered(lambda message: "Call me" in message.body))

    def test_an_answer_is_told_to_nobody_who_may_not_see_whose_it_is(self):
        contact = self._make_contact(1)
        member = self._make_members(contact)
        step = self._make_mail_step()
        self._send(step)
        nobody = self.env["res.users"]
        table = [  # the lead's salesperson, who is responsible for the campaign and the step; who is told of it
            (self.sales, self.manager, self.manager, self.sales, self.manager),
            (self.outsider, self.marketing, self.manager, self.manager, self.manager),
            (self.sales, self.marketing, self.outsider, self.sales, self.sales),
            (self.outsider, self.marketing, self.outsider, nobody, nobody),
        ]
        for number, (salesperson, of_campaign, of_step, of_answer, of_failure) in enumerate(table):
            contact.user_id, self.campaign.user_id, step.user_id = salesperson, of_campaign, of_step
            member.message_unsubscribe(member.message_partner_ids.ids)
            self._answer(contact.email_from, number=number)
            answer = member.message_ids.filtered(lambda message: message.message_type == "email")[:1]
            member._tell_not_made("Why")
            failure = self.env["mail.message"].search([("subject", "=", "A reaction to Spring Fair")], limit=1)
            told = failure.notified_partner_ids
            failure.unlink()
            with self.subTest(number=number):
                self.assertEqual(answer.notified_partner_ids, of_answer.partner_id)
                self.assertEqual(told, of_failure.partner_id)

    def test_what_a_program_answers_is_no_answer(self):
        dispatches = self._send()
        for number, headers in enumerate((AUTO_REPLY, "X-Autoreply: yes\n", "Precedence: auto_reply\n")):
            self._answer(self.first, "Back on Monday.", headers, number)
            self.assertEqual(self._outcomes(dispatches)[0], "sent")
        self.assertFalse(self.reactions)
        self.assertEqual(len(self.members[0].message_ids.filtered(lambda message: "Monday" in message.body)), 3)
        self.assertFalse(self.members[0].message_ids.notified_partner_ids)
        self._answer(self.first, "Here I am.", number=9)
        self.assertEqual(self._outcomes(dispatches)[0], "answered")

    def test_a_program_that_answers_everything_is_not_answered(self):
        self._send()
        for number in range(40):
            self._answer(self.first, "We have got your message.", number=number)
            self._send_mails()
        # Odoo tells it once and again that this is too much, and takes no notice of what it answers to that.
        self.assertLessEqual(self.mail_server.counts[self.first], 40 - 20 + 1)
        self.assertEqual(len(self.members[0].message_ids.filtered(lambda m: "got your message" in m.body)), 20)

    def test_salespeople_read_what_happened_and_no_traces(self):
        dispatches = self._send()
        self._open(self.first)
        seen = self._as(self.sales, dispatches)
        self.assertEqual(seen[0].outcome, "opened")
        with self.assertRaises(AccessError):
            seen[0].trace_id.trace_status  # noqa: B018
        with self.assertRaises(AccessError):
            self._as(self.sales, self.env["mailing.trace"]).search([])

    def test_whose_member_one_may_not_see_their_address_is_in_no_trace(self):
        contact = self._make_contact(1)
        hidden = self._make_members(contact)
        own = self.env["mailing.mailing"].create(
            {
                "subject": "Newsletter",
                "body_html": "<p>News</p>",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": repr([("id", "in", self.people.ids)]),
            }
        )
        own._action_send_mail()
        dispatches = self._send()
        traces = dispatches.trace_id
        of_hidden = dispatches.filtered(lambda dispatch: dispatch.member_id == hidden).trace_id
        self.assertEqual((len(traces), of_hidden.email), (4, contact.email_from))
        theirs = self._as(self.marketing, traces)
        domain = [("mass_mailing_id", "in", (dispatches.step_id.mailing_id | own).ids)]
        self.assertEqual(theirs.search(domain).sudo(), traces - of_hidden | own.mailing_trace_ids)
        groups = theirs._read_group([("id", "in", traces.ids)], ["email"], [])
        self.assertNotIn(contact.email_from, [email for (email,) in groups])
        self.assertEqual(theirs._filtered_access("read").sudo(), traces - of_hidden)
        for operation, call in (
            ("read", lambda: of_hidden.with_env(theirs.env).read(["email"])),
            ("write", lambda: of_hidden.with_env(theirs.env).write({"failure_reason": "x"})),
        ):
            with self.subTest(operation=operation), self.assertRaises(AccessError):
                call()
        self.assertEqual(self._as(self.marketing, dispatches.step_id.mailing_id).sent, 4, "Counted they are")

    def test_what_happened_with_a_lead_is_for_those_who_may_see_it(self):
        contact = self._make_contact(1, user_id=self.other.id)
        member = self._make_members(contact)
        self._send()
        hidden = member.dispatch_ids
        dispatches = self._as(self.sales, self.env["crm.campaign.dispatch"])
        found = dispatches.search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual(len(found), 3)
        self.assertNotIn(hidden.id, found.ids)
        with self.assertRaises(AccessError):
            self._as(self.sales, hidden).outcome  # noqa: B018
        self.assertEqual(self._as(self.other, hidden).outcome, "sent")

    def test_who_wants_no_more_since_is_left_out_when_it_is_made(self):
        step = self._make_mail_step()
        self._start(step)
        self.env["mail.blacklist"]._add(self.first)
        self._make_mails()
        self.env.invalidate_all()
        dispatches = step.dispatch_ids.sorted("member_id")
        self.assertEqual(dispatches.mapped("state"), ["left_out", "sent", "sent"])
        self.assertEqual(dispatches[0].reason, "blacklisted")
        self._send_mails()
        self.assertNotIn(self.first, self.mail_server.counts)

    def test_who_unsubscribes_by_the_link_in_the_mail_gets_no_other_step(self):
        self._send()
        header = self.mail_server.last_to(self.first)["List-Unsubscribe"]
        path = "/mailing/" + header.strip("<>").split("/mailing/")[1]
        self.authenticate(None, None)
        self.url_open(path, method="POST")
        self.env.invalidate_all()
        reminder = self._make_mail_step(is_repeat=True)
        dispatches = self._send(reminder)
        self.assertEqual(dispatches.mapped("state"), ["left_out", "sent", "sent"])
        self.assertEqual(dispatches[0].reason, "blacklisted")
