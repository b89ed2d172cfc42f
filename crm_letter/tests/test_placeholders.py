import traceback

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LetterCase


@tagged("post_install", "-at_install")
class TestPlaceholders(LetterCase):
    def test_an_unknown_placeholder_is_named_when_the_template_is_saved(self):
        cases = [
            ({"subject": "For {{ object.nmae }}"}, "object.nmae"),
            ({"salutation": "Dear {{ obejct.name }}"}, "obejct"),
            ({"closing": "{{ object.parent_id.naem ||| us }}"}, "object.parent_id.naem"),
            ({"body": '<p><t t-out="object.user_id.nmae"/></p>'}, "object.user_id.nmae"),
            ({"body": "<p>{{ object.citty }}</p>"}, "object.citty"),
            ({"body": '<p><t t-if="object.is_good">x</t></p>'}, "object.is_good"),
            ({"body": '<p t-attf-title="#{object.color2}">x</p>'}, "object.color2"),
            ({"subject": "{{ object.name[ }}"}, "object.name["),
        ]
        for values, unknown in cases:
            with self.subTest(values=values), self.assertRaises(ValidationError) as caught:
                self._make_template(**values)
            self.assertIn(unknown, str(caught.exception))
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.template.write(values)

    def test_what_odoos_templates_know_is_known(self):
        self._make_template(
            subject="{{ object.name.upper() }} {{ user.name }} {{ format_date(object.create_date) }}",
            body='<div><t t-foreach="object.child_ids" t-as="child"><t t-out="child.name"/></t>'
            '<t t-set="town" t-value="object.city or \'\'"/><p t-if="town"><t t-out="town"/></p></div>',
        )

    def test_one_whose_field_was_removed_since_is_named_before_printing(self):
        self.env.cr.execute(
            "UPDATE crm_letter_template SET subject = jsonb_build_object('en_US', %s) WHERE id = %s",
            ["For {{ object.x_gone }}", self.template.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "object.x_gone"):
            self._write()
        with self.assertRaisesRegex(UserError, "object.x_gone"):
            self._prepare(self.customer).action_print()

    def test_a_letter_is_in_the_language_of_who_gets_it(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").write(
            {"subject": "Besuch bei {{ object.name }}", "body": '<p>Wir waren in <t t-out="object.city"/>.</p>'}
        )
        self.customer.lang = "de_DE"
        letter = self._write()
        self.assertEqual((letter.subject, letter.lang), ("Besuch bei Anna & Co <GmbH>", "de_DE"))
        self.assertIn("Wir waren in Köln", letter.body)

    def test_braces_in_the_text_become_placeholders(self):
        template = self._make_template(body="<p>Town: {{ object.city ||| unknown }}</p>")
        self.assertIn('t-out="object.city"', template.body)
        self.assertIn("Town: Köln", self._write(template_id=template.id).body)

    def test_only_who_may_edit_email_templates_saves_more_than_plain_placeholders(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "True")
        templates = self._as(self.manager, self.env["crm.letter.template"])
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))
        plain = {"name": "A", "subject": "Hello {{ object.name }} in {{ object.city }}", "body": "<p>x</p>"}
        templates.create(plain)
        for values in ({"subject": "{{ user.login }}"}, {"body": '<p><t t-out="env.cr"/></p>'}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                templates.create({**plain, **values})

    def test_what_may_not_be_saved_is_not_tried_either(self):
        secret = self.env["ir.config_parameter"].get_param("database.uuid")
        code = "{}[object.env['ir.config_parameter'].sudo().get_param('database.uuid')]"
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "True")
        self.env["res.lang"]._activate_lang("de_DE")
        for lang in ("en_US", "de_DE"):
            template = self._as(self.manager, self.template).with_context(lang=lang)
            for values in ({"subject": f"{{{{ {code} }}}}"}, {"body": f'<p><t t-out="{code}"/></p>'}):
                with self.subTest(lang=lang, values=values), self.assertRaises(AccessError) as caught:
                    template.write(values)
                self.assertNotIn(secret, str(caught.exception))

    def test_a_placeholder_that_is_not_there_is_named_in_a_translation_too(self):
        self.env["res.lang"]._activate_lang("de_DE")
        with self.assertRaisesRegex(ValidationError, "object.nmae"):
            self.template.update_field_translations("subject", {"de_DE": "Für {{ object.nmae }}"})

    def test_it_is_tried_with_the_rights_of_who_saves_it(self):
        self.manager.group_ids += self.env.ref("mail.group_mail_template_editor")
        with self.assertRaises(ValidationError):
            self._as(self.manager, self.template).subject = "{{ object.env['ir.cron'].search([]).ids }}"

    def test_what_cannot_be_filled_in_is_named_without_a_traceback(self):
        self.customer.ref = "a secret"
        self.env["res.partner"].search([], limit=1).ref = "a secret"
        for values in ({"subject": "{{ {}[object.ref] }}"}, {"body": '<p><t t-out="{}[object.ref]"/></p>'}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, r"\{\}\[object.ref\]") as caught:
                self.template.write(values)
            said = "".join(traceback.format_exception(caught.exception))
            self.assertNotIn("a secret", said)
            self.assertNotIn("Traceback", str(caught.exception))

    def test_a_preview_says_what_a_customer_would_read_and_what_is_wrong(self):
        preview = self.env["crm.letter.preview"].new({"template_id": self.template.id, "partner_id": self.customer.id})
        self.assertEqual(preview.subject, "Visit at Anna & Co <GmbH>")
        self.assertIn("We were in Köln", preview.body)
        self.assertFalse(preview.problem)
        self.customer.street = False
        preview = preview.new({"template_id": self.template.id, "partner_id": self.customer.id})
        self.assertEqual(preview.problem, "No postal address")
