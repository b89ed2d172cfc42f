from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_batch import BatchCase


@tagged("post_install", "-at_install")
class TestBatchRights(BatchCase):
    def test_own_ones_for_salespeople_and_all_for_managers(self):
        batch = self._prepare(self.customer)
        self.assertFalse(self._as(self.other, batch).has_access("read"))
        self.assertTrue(self._as(self.manager, batch).has_access("write"))
        with self.assertRaises(AccessError):
            self._prepare(self.customer, self.outsider)

    def test_nobody_prints_with_the_rights_of_somebody_else(self):
        batches = self._as(self.sales, self.env["crm.letter.batch"])
        for values in ({"user_id": self.manager.id}, {"state": "running"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                batches.create({"name": "x", **values})
            with self.subTest(values=values), self.assertRaises(UserError):
                self._prepare(self.customer).write(values)
        with self.assertRaises(UserError):
            batches.with_context(default_user_id=self.manager.id).create({"name": "x"})

    def test_an_edited_text_is_no_code_for_who_may_not_write_templates(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "True")
        self.assertFalse(self.sales.has_group("mail.group_mail_template_editor"))
        batch = self._prepare(self.customer)
        batch.subject = "In {{ object.city }} for {{ object.name }}"
        self.assertEqual(batch._get_sample().subject, "In Köln for Anna & Co <GmbH>")
        for values in (
            {"subject": "{{ user.env['res.users'].search([]).mapped('login') }}"},
            {"subject": "x", "body": "<p><t t-out=\"object.env['ir.config_parameter'].sudo()\"/></p>"},
        ):
            batch.write({"subject": "x", "body": "<p>x</p>", **values})
            with self.subTest(values=values), self.assertRaises(AccessError):
                batch.action_print()
        self.assertEqual(batch.state, "draft")

    def test_a_template_of_managers_is_printed_by_everybody_with_the_own_rights(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "True")
        self.template.subject = "{{ object.name.upper() }}"
        self.assertEqual(self._prepare(self.customer)._get_sample().subject, "ANNA & CO <GMBH>")

    def test_an_unknown_placeholder_in_an_edited_text_is_named(self):
        batch = self._prepare(self.customer)
        batch.subject = "For {{ object.nmae }}"
        with self.assertRaisesRegex(UserError, "object.nmae"):
            batch.action_print()

    def test_projects_that_one_may_not_see_are_left_out(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False, is_restricted=True)
        batch = self._as(self.other, self.env["crm.letter.batch"])._prepare_batch([(self.customer.id, lead.id)])
        self.assertEqual(batch.sudo().letter_ids.reason, "out_of_reach")

    def test_what_was_printed_is_not_deleted(self):
        batch = self._prepare(self.customer)
        batch.sudo().state = "done"
        with self.assertRaises(UserError):
            batch.unlink()
        draft = self._prepare(self._make_customer("Bert"))
        draft.unlink()
        self.assertFalse(draft.exists())
