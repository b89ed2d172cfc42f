"""Every stored field of ours that can hold something about a person has a treatment that somebody decided."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_gdpr.engine.links import find_links, stored_models
from odoo.addons.crm_gdpr.engine.policy import TECHNICAL, TEXTS, Policy
from odoo.addons.crm_gdpr.handlers import get_handler
from odoo.addons.crm_gdpr.models.crm_gdpr_field import NO_PERSONAL_DATA

from tests.plugins.server_log import our_addons


@tagged("post_install", "-at_install")
class TestCoverage(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = stored_models(cls.env)
        cls.policy = Policy(cls.env, cls.env["crm.gdpr.field"]._get_settings().strategies)
        cls.ours = {addon.name for addon in our_addons()}

    maxDiff = None

    def _our_fields(self):
        """(model, field) of the stored fields that our addons define."""
        found = self.env["ir.model.data"].search([("model", "=", "ir.model.fields"), ("module", "in", list(self.ours))])
        for record in self.env["ir.model.fields"].browse(found.mapped("res_id")):
            field = self.env[record.model]._fields.get(record.name) if record.model in self.env else None
            if field is not None and field.store and record.model in self.models and not self._is_log(record.model):
                yield record.model, field

    @staticmethod
    def _is_log(model):
        """What a dialogue leaves is deleted as a whole."""
        return False

    def test_every_text_of_ours_has_a_treatment(self):
        undecided = sorted(
            f"{model}.{field.name}"
            for model, field in self._our_fields()
            if field.type in TEXTS and field.column_type and not self.env[model]._transient
            and field.name not in TECHNICAL | NO_PERSONAL_DATA
            and not self._is_known(model, field)
        )  # fmt: skip
        self.assertEqual(undecided, [], "say in crm_gdpr/handlers what becomes of them")

    def _is_known(self, model, field):
        column = self.policy.get_columns(model).get(field.name)
        return bool(column and column.is_known)

    def test_every_link_of_ours_to_a_person_belongs_to_a_model_that_somebody_described(self):
        direct, references = find_links(self.env, self.models)
        ours = {(model, field.name) for model, field in self._our_fields()}
        undescribed = sorted(
            f"{link.model}.{link.field}"
            for link in direct + references
            if (link.model, link.field) in ours
            and not self.env[link.model]._transient
            and not get_handler(link.model).is_known
        )
        self.assertEqual(undescribed, [], "say in crm_gdpr/handlers what these rows are to a person")

    def test_a_field_that_nobody_decided_is_found(self):
        """The test above can fail: a text of a model without a handler is not known."""
        self.assertFalse(self.policy.get_columns("crm.tag")["name"].is_known)
