from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestSmsTwoJobs(TransactionCase):
    """With transactions that are committed, as two workers have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            process = env["crm.process"].create(
                {"name": "Race", "allow_sms": True, "status_ids": [(0, 0, {"name": "Start"})]}
            )
            team = env["crm.team"].create({"name": "Race", "process_id": process.id})
            partner = env["res.partner"].create({"name": "Race", "phone": "+31612349999"})
            lead = env["crm.lead"].create(
                {"name": "Race", "type": "opportunity", "team_id": team.id, "partner_id": partner.id}
            )
            self.sending_id = lead.action_salesboard_sms([("id", "=", lead.id)])["res_id"]
            env["crm.sms.sending"].browse(self.sending_id).body = "Race"
            self.created = [("crm.lead", lead.id), ("crm.team", team.id), ("crm.process", process.id)]
            self.created.append(("res.partner", partner.id))
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            sending = self._sending(cr)
            sending.state = "stopped"
            sending.unlink()
            for model, record_id in self.created:
                env[model].browse(record_id).unlink()

    def _sending(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})["crm.sms.sending"].browse(self.sending_id)

    @mute_logger("odoo.sql_db")
    def test_of_two_who_press_send_at_once_one_starts_it(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertEqual(self._sending(second).state, "draft")
            self._sending(first).action_send()
            first.commit()
            with self.assertRaisesRegex(Exception, "concurrent update"):
                self._sending(second).action_send()
                second.flush()
            second.rollback()
            # Odoo runs the second request again, and finds it started.
            self._sending(second).action_send()
            self.assertEqual(self._sending(second).state, "running")

    def test_messages_that_a_job_is_sending_are_not_given_up_by_another(self):
        with self.registry.cursor() as job, self.registry.cursor() as other:
            recipients = self._sending(job).recipient_ids
            recipients.state = "sending"
            job.commit()
            recipients.try_lock_for_update()
            give_up = api.Environment(other, SUPERUSER_ID, {})["crm.sms.recipient"]._give_up_lost
            self.assertFalse(give_up())
            job.rollback()
            other.rollback()
            self.assertEqual(give_up().ids, recipients.ids)
