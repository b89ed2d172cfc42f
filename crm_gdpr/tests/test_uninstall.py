from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def test_no_index_trigger_function_or_filter_of_ours_stays(self):
        mine, other = self.env["ir.filters"].create(
            [{"name": "Mine", "model_id": model} for model in ("crm.gdpr.request", "res.partner")]
        )
        uninstall_hook(self.env)
        self.assertEqual((mine | other).exists(), other)
        self.cr.execute(
            """
            SELECT indexname FROM pg_indexes
             WHERE indexname IN ('res_partner__email_normalized_index', 'res_partner__phone_sanitized_index')
             UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'crm_gdpr%'
             UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'crm_gdpr%'
            """
        )
        self.assertEqual(self.cr.fetchall(), [])
