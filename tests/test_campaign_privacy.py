"""Campaigns beside Privacy: who is anonymised is addressed by none any more, also when they come again."""

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestCampaignPrivacy(AnonymiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["utm.campaign"].create(
            {
                "title": "Spring",
                "goal": f"Win {NAME} back",
                "conclusion": f"<p>{NAME} came</p>",
                "company_id": cls.env.company.id,
            }
        )
        cls.step = cls._make_step(activity_summary=f"Call {NAME}", activity_note=f"<p>{NAME} likes sailing</p>")
        cls.members = cls.env["crm.campaign.member"]

    @classmethod
    def _make_step(cls, channel="todo", **values):
        kind = cls.env.ref("mail.mail_activity_data_todo")
        values = {
            "campaign_id": cls.campaign.id,
            "name": "To do",
            "channel": channel,
            "activity_type_id": kind.id,
            **values,
        }
        return cls.env["crm.campaign.step"].create(values)

    def _add(self, records):
        self.members._add(self.campaign, records)
        return self.members.search([("campaign_id", "=", self.campaign.id)])

    def _dispatch(self, member, step, state):
        values = {"step_id": step.id, "member_id": member.id, "campaign_id": self.campaign.id, "channel": step.channel}
        return self.env["crm.campaign.dispatch"].create({**values, "state": state})

    def _queue(self, member, step):
        """With a message in Odoo's queue."""
        step._make_mailing()
        values = {
            "model": member._name,
            "res_id": member.id,
            "mass_mailing_id": step.mailing_id.id,
            "trace_status": "outgoing",
        }
        dispatch = self._dispatch(member, step, "sent")
        dispatch.trace_id = self.env["mailing.trace"].create({**values, "email": EMAIL})
        self.assertEqual(dispatch.outcome, "waiting")
        return dispatch

    def test_whoever_is_anonymised_is_left_out_and_the_figures_stay(self):
        person = self._make_person()
        other = self._make_person(name="Jan Smit", email="jan@smit.example", phone="+31 6 24681358")
        member, others = self._add(person | other)
        sent = self._dispatch(member, self._make_step("mail"), "sent")
        queued = self._queue(member, self._make_step("sms"))
        waiting, kept = (self._dispatch(each, self.step, "waiting") for each in (member, others))
        message = member._message_log(body=f"<p>{NAME} asked for a boat</p>")
        self._anonymise(person)
        self.assertEqual((member.state, member.reason), ("left_out", "anonymised"))
        self.assertEqual((others.state, kept.state), ("in", "waiting"))
        self.assertEqual((sent.state, waiting.state, waiting.reason), ("sent", "left_out", "anonymised"))
        self.assertEqual((queued.state, queued.reason, queued.outcome), ("left_out", "anonymised", "left_out"))
        self.assertNotIn("Maria", member.name or "")
        self.assertFalse(message.exists() and "Maria" in (message.body or ""))

    def test_a_lead_without_a_customer_is_left_out_as_well(self):
        lead = self._make_lead(self.env["res.partner"], contact_name=NAME, email_from=EMAIL, type="lead")
        member = self._add(lead)
        self._anonymise(leads=lead)
        self.assertEqual((member.state, member.reason), ("left_out", "anonymised"))

    def test_the_words_of_campaign_and_step_name_nobody(self):
        self._anonymise(self._make_person())
        for record, names in (
            (self.campaign, ("goal", "conclusion")),
            (self.step, ("activity_summary", "activity_note")),
        ):
            for name, value in zip(names, self._columns(record, *names), strict=True):
                with self.subTest(name=name):
                    self.assertNotIn("Dalen", str(value))

    def test_who_was_anonymised_before_or_comes_again_is_left_out_with_the_reason(self):
        self.env.company.gdpr_suppression = True
        person = self._make_person()
        self._anonymise(person)
        self.assertEqual(self._add(person).reason, "anonymised")
        again = self.env["crm.lead"].create({"name": "From an old list", "type": "lead"})
        self.env.cr.execute(
            "UPDATE crm_lead SET email_normalized = %s, email_from = %s WHERE id = %s", [EMAIL, EMAIL, again.id]
        )
        self.env.invalidate_all()
        added = self._add(again).filtered(lambda member: member.lead_id == again)
        self.assertEqual(added.reason, "anonymised")

    def test_a_member_who_came_before_the_person_was_anonymised_is_asked_for_again(self):
        person = self._make_person()
        member = self._add(person)
        self.env.cr.execute("UPDATE res_partner SET gdpr_state = 'restricted' WHERE id = %s", [person.id])
        self.env.invalidate_all()
        self.assertEqual(member._get_reasons(), {member.id: "anonymised"})
