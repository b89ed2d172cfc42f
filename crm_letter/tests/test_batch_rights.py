from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import needs_printer
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

    def test_nothing_that_salespeople_type_is_code_as_odoo_is_set_by_default(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "")
        self.assertTrue(self.sales.has_group("mail.group_mail_template_editor"), "All employees are")
        batch = self._prepare(self.customer)
        cases = [
            ({"subject": "{{ 6 * 7 }}"}, r"6 \* 7"),
            ({"salutation": "{{ object.env.su }}"}, "object.env.su"),
            ({"closing": "{{ object.email }}"}, "object.email"),
            ({"body": '<p><t t-out="6 * 7"/></p>'}, r"6 \* 7"),
            ({"body": '<p t-att-title="6 * 7">x</p>'}, r"6 \* 7"),
            ({"body": '<p><t t-if="object.name">x</t></p>'}, "placeholder"),
            ({"body": '<p><t t-foreach="[1, 2]" t-as="n">x</t></p>'}, "placeholder"),
            ({"body": '<p><t t-call="web.layout"/></p>'}, "placeholder"),
            ({"body": '<p t-attf-title="#{6 * 7}">x</p>'}, "placeholder"),
        ]
        for values, named in cases:
            batch.write({"subject": "x", "salutation": "x", "closing": "x", "body": "<p>x</p>", **values})
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, named):
                batch.action_print()
            with self.subTest(values=values, user="manager"), self.assertRaisesRegex(AccessError, named):
                self._as(self.manager, batch)._get_sample()
        self.assertEqual(batch.state, "draft")
        batch.write({"body": "<p>x</p>", "closing": "x", "salutation": "{{ object.city }}", "subject": "x"})
        self.assertEqual(batch._get_sample().salutation, "Köln")

    def test_sales_managers_type_what_they_may_write_into_templates(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "")
        batch = self._prepare(self.customer, self.manager)
        batch.subject = "{{ object.name.upper() }}"
        self.assertEqual(batch._get_sample().subject, "ANNA & CO <GMBH>")

    def test_what_was_not_edited_is_the_templates_and_may_hold_more(self):
        for is_restricted in ("", "True"):
            self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", is_restricted)
            self.template.body = '<p><t t-if="object.city">Town: <t t-out="object.city"/></t></p>'
            batch = self._prepare(self.customer)
            batch.subject = "Own words"
            with self.subTest(is_restricted=is_restricted):
                sample = batch._get_sample()
                self.assertEqual(sample.subject, "Own words")
                self.assertIn("Town: Köln", sample.body)

    def test_a_template_of_managers_is_printed_by_everybody_with_the_own_rights(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "True")
        self.template.subject = "{{ object.name.upper() }}"
        self.assertEqual(self._prepare(self.customer)._get_sample().subject, "ANNA & CO <GMBH>")

    def test_the_text_of_a_template_is_taken_from_the_template_alone(self):
        code = {"name": "x", "lang": False, "texts": {"en_US": {"subject": "{{ 6 * 7 }}", "body": "<p>x</p>"}}}
        batches = self._as(self.sales, self.env["crm.letter.batch"])
        for batch in (
            batches.create({"name": "x", "frozen_texts": code}),
            batches.with_context(default_frozen_texts=code).create({"name": "x"}),
        ):
            self.assertFalse(batch.frozen_texts)
            with self.assertRaises(UserError):
                batch.frozen_texts = code

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


@tagged("post_install", "-at_install")
class TestBatchDownload(BatchCase, HttpCase):
    """The PDF of all is as hidden as the most hidden letter in it."""

    def setUp(self):
        super().setUp()
        self.lead = self._make_lead(partner_id=self.customer.id, company_id=False)
        other = self._make_customer("Bert", zip="99999")
        batches = self._as(self.sales, self.env["crm.letter.batch"])
        rows = [(self.customer.id, self.lead.id), (other.id, False), (self._make_customer("Carla").id, False)]
        self.batch = batches._prepare_batch(rows, template_id=self.template.id)
        for user in (self.manager, self.sales):
            user.password = f"{user.login}-1234"

    def _print(self):
        self.batch.action_print()
        self.env.flush_all()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.letter.batch"]._print_waiting()
        self.env.invalidate_all()
        self.assertEqual((self.batch.state, self.batch.printed_count), ("done", 3))

    def _sees(self, user, file):
        """Whether a user gets at a file by any of the ways there are."""
        batch, file = self._as(user, self.batch), self._as(user, file)
        asked = [("res_model", "=", batch._name), ("res_id", "=", batch.id)]
        ways = {
            "read": file.has_access("read"),
            "write": file.has_access("write"),
            "search": file in file.search([("id", "in", file.ids)]),
            "search by batch": file in file.search(asked),
            "search by model": file in file.search([("res_model", "in", [batch._name])]),
            "search by type": file in file.search([("mimetype", "=", "application/pdf")]),
        }
        self.authenticate(user.login, f"{user.login}-1234")
        ways["web"] = self.url_open(f"/web/content/{file.id}").content[:5] == b"%PDF-"
        if batch.sudo().attachment_id:
            ways["download"] = self.url_open(f"/crm_letter/batch/{batch.id}/letters.pdf").content[:5] == b"%PDF-"
        self.assertEqual(len(set(ways.values())), 1, ways)
        return ways["read"]

    @needs_printer
    def test_a_manager_downloads_what_a_colleague_printed(self):
        self._print()
        self.assertTrue(self._sees(self.manager, self.batch.sudo().attachment_id))
        self.assertTrue(self._as(self.manager, self.batch).action_open_pdf())

    @needs_printer
    def test_with_a_letter_of_a_restricted_project_it_is_hidden_also_when_restricted_later(self):
        self._print()
        self._as(self.sales, self.lead).is_restricted = True
        file = self.batch.sudo().attachment_id
        self.assertFalse(self._sees(self.manager, file))
        with self.assertRaisesRegex(AccessError, "may not read"):
            self._as(self.manager, self.batch).action_open_pdf()
        self.assertTrue(self._as(self.manager, self.batch).has_access("read"), "How far it is, managers see")
        self.assertTrue(self._sees(self.sales, file))

    @needs_printer
    def test_a_restricted_project_that_is_deleted_opens_it_to_nobody(self):
        self._as(self.sales, self.lead).is_restricted = True
        self._print()
        self.lead.sudo().unlink()
        self.assertEqual(len(self.batch.sudo().letter_ids), 2)
        for user in (self.manager, self.sales):
            self.assertFalse(self._sees(user, self.batch.sudo().attachment_id))

    @needs_printer
    def test_with_a_letter_to_a_private_customer_it_is_hidden(self):
        self._print()
        self.manager.group_ids -= self.env.ref("sales_team.group_sale_manager")
        self.manager.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.customer.user_id = self.sales
        self.env.ref("crm_salesboard.res_partner_rule_private").active = True
        # Whoever it is given to later.
        self.batch.sudo().user_id = self.manager
        self.assertFalse(self._sees(self.manager, self.batch.sudo().attachment_id))

    @needs_printer
    def test_the_parts_of_one_that_is_stopped_are_hidden_likewise(self):
        self._as(self.sales, self.lead).is_restricted = True
        self.batch.action_print()
        self.batch.sudo()._print_chunk()
        part = self.batch.sudo().letter_ids.part_id
        self.batch.action_stop()
        self.assertFalse(self._sees(self.manager, part))
        self.assertTrue(self._sees(self.sales, part))
