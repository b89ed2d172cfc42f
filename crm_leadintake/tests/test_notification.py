from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestNotification(SalesCase):
    """Who is told of what they got, and who is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.sales[0]
        cls.source.user_id = cls.user

    def _assign_by_hand(self):
        lead = self.env["crm.lead"].with_user(self.leader).create({"name": "By hand", "user_id": self.leader.id})
        lead.user_id = self.user
        return lead

    def test_up_to_five_leads_are_told_one_by_one_with_odoos_own_mail(self):
        leads = self._send(5)
        subjects = self._mails_to(self.user).mapped("subject")
        self.assertEqual(sorted(subjects), sorted(f"You have been assigned to {lead.name}" for lead in leads))

    def test_more_are_told_in_one_message_that_lists_them(self):
        leads = self._send(6, value=1500, company="Konex & Co")
        digest = self._mails_to(self.user)
        self.assertEqual(digest.mapped("subject"), ["You have been assigned 6 new leads"])
        for lead in leads:
            self.assertIn(f"/mail/view?model=crm.lead&amp;res_id={lead.id}", digest.body)
        self.assertIn("Konex &amp; Co", digest.body)
        self.assertIn("1,500.00", digest.body)

    def test_each_gets_one_message_of_their_own(self):
        self._make_rule()
        self._send(18)
        self.assertEqual([len(self._mails_to(user)) for user in self.people], [1, 1, 1])

    def test_a_digest_of_very_many_says_how_many_more(self):
        self._send(53)
        self.assertIn("And 3 more.", self._mails_to(self.user).body.replace("<t>", "").replace("</t>", ""))

    def test_the_digest_is_in_the_language_of_who_gets_it(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.user.lang = "nl_NL"
        self._send(6, value=1500)
        self.assertIn("1.500,00", self._mails_to(self.user).body)

    def test_the_source_can_be_silent_and_people_follow_all_the_same(self):
        self.source.notify = False
        leads = self._send(3)
        self.assertFalse(self._mails_to(self.user))
        self.assertTrue(all(self.user.partner_id in lead.message_partner_ids for lead in leads))

    def test_the_company_can_be_silent_in_all_of_crm(self):
        self._assign_by_hand()
        self.assertEqual(len(self._mails_to(self.user)), 1)
        self.company.crm_assignment_email = False
        lead = self._assign_by_hand()
        self._send(2)
        self._send(6)
        self.assertEqual(len(self._mails_to(self.user)), 1)
        self.assertIn(self.user.partner_id, lead.message_partner_ids)

    def test_everybody_can_switch_it_off_for_themselves(self):
        self.user.with_user(self.user).write({"crm_assignment_email": False})
        lead = self._assign_by_hand()
        leads = self._send(2) | self._send(6)
        self.assertFalse(self._mails_to(self.user))
        self.assertTrue(all(self.user.partner_id in lead.message_partner_ids for lead in leads | lead))

    def test_the_switch_stands_in_ones_preferences(self):
        view = self.env.ref("base.view_users_form_simple_modif")
        with Form(self.user.with_user(self.user), view=view) as form:
            form.crm_assignment_email = False
        self.assertFalse(self.user.crm_assignment_email)

    def test_the_switch_of_the_company_stands_in_the_settings(self):
        settings = self.env["res.config.settings"].create({"crm_assignment_email": False})
        settings.execute()
        self.assertFalse(self.company.crm_assignment_email)

    def test_a_mail_that_cannot_be_made_loses_no_lead(self):
        self.env.ref("mail.message_user_assigned").write({"arch_db": '<t t-name="x"><t t-out="1/0"/></t>'})
        self.env.ref("crm_leadintake.crm_lead_digest").write({"arch_db": '<t t-name="x"><t t-out="1/0"/></t>'})
        with mute_logger("odoo.addons.crm_leadintake.models.crm_lead_announce"):
            leads = self._send(2) | self._send(6)
        self.assertEqual(len(leads), 8)
        self.assertEqual(set(self._rows().mapped("state")), {"done"})
        self.assertTrue(all(self.user.partner_id in lead.message_partner_ids for lead in leads))
