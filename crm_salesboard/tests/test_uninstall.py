from odoo.tests import tagged
from odoo.tools import SQL

from ..hooks import uninstall_hook
from ..tools.uninstall import clean_up
from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestUninstall(SalesBoardCase):
    """What becomes of what a company has made, when the addon is about to go."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)

    def _xmlid(self, name):
        return self.env["ir.model.data"].search([("module", "=", "crm_salesboard"), ("name", "=", name)])

    def test_an_activity_type_that_is_planned_with_stays_and_is_the_companys_own(self):
        visit = self.env.ref("crm_salesboard.mail_activity_type_visit")
        self._make_lead().activity_schedule(activity_type_id=visit.id)
        clean_up(self.env, "crm_salesboard")
        self.assertTrue(visit.exists())
        self.assertFalse(self._xmlid("mail_activity_type_visit"), "Odoo deletes what has an external id")

    def test_an_activity_type_that_only_notes_have_can_be_deleted(self):
        sample = self.env.ref("crm_salesboard.mail_activity_type_send_sample")
        note = self.env["crm.note"].create({"partner_id": self.partner.id, "activity_type_id": sample.id})
        self.env.flush_all()
        # what the demo data has done with it
        self.cr.execute(SQL("DELETE FROM mail_activity WHERE activity_type_id = %s", sample.id))
        self.cr.execute(
            SQL("UPDATE mail_message SET mail_activity_type_id = NULL WHERE mail_activity_type_id = %s", sample.id)
        )
        self.env.invalidate_all()
        self.env["mail.activity.plan.template"].search([("activity_type_id", "=", sample.id)]).unlink()
        clean_up(self.env, "crm_salesboard")
        self.assertTrue(self._xmlid("mail_activity_type_send_sample"))
        self.assertFalse(note.activity_type_id, "its column goes only after the type")

    def test_parameters_and_filters_go_and_those_of_others_stay(self):
        parameters = self.env["ir.config_parameter"]
        for key in ("crm_salesboard.unowned_customers", "crm_salesboardx.other", "crmxsalesboard.other"):
            parameters.set_param(key, "managers")
        filters = self.env["ir.filters"].create(
            [{"name": "Mine", "model_id": model, "active": False} for model in ("crm.note", "crm.lead")]
        )
        clean_up(self.env, "crm_salesboard")
        keys = parameters.search([("key", "=like", "crm%salesboard%.%")]).mapped("key")
        self.assertEqual(sorted(keys), ["crm_salesboardx.other", "crmxsalesboard.other"])
        self.assertEqual(filters.exists().mapped("model_id"), ["crm.lead"])

    def test_a_favourite_that_would_keep_the_native_pipeline_from_opening_goes(self):
        values = {"name": "Mine", "model_id": "crm.lead", "is_default": True, "user_ids": [self.sales.id]}
        ours, groups, native = self.env["ir.filters"].create(
            [
                {**values, "domain": "[('kind_id.name', 'ilike', 'service')]"},
                {**values, "name": "Grouped", "context": "{'group_by': ['board_date:month']}", "is_default": False},
                {**values, "name": "Own", "context": "{'group_by': ['create_date:month']}", "is_default": False},
            ]
        )
        clean_up(self.env, "crm_salesboard")
        self.assertEqual((ours | groups | native).exists(), native)

    def test_an_appointment_about_a_note_stays_in_the_calendar(self):
        note = self.env["crm.note"].create({"partner_id": self.partner.id})
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
                "res_model_id": self.env["ir.model"]._get_id("crm.note"),
                "res_id": note.id,
            }
        )
        clean_up(self.env, "crm_salesboard")
        self.assertFalse(event.res_model_id or event.res_model or event.res_id)

    def test_no_index_of_ours_stays_on_a_column_of_odoos(self):
        uninstall_hook(self.env)
        self.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'res_partner__phone_sanitized_index'")
        self.assertEqual(self.cr.fetchall(), [])
