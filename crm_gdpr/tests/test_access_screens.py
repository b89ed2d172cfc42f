import io
import zipfile

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .access_case import AccessCase


class AccessScreen(AccessCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.group_ids += cls.env.ref("base.group_partner_manager")
        cls.employee.group_ids += cls.env.ref("base.group_partner_manager")
        cls.lead = cls.env["crm.lead"].create({"name": "Roof", "partner_id": cls.jane.id})
        cls.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"slate", "res_model": "crm.lead", "res_id": cls.lead.id}
        )

    def count_exports(self):
        return self.env["crm.gdpr.log"].search_count([("event", "=", "exported")])


@tagged("post_install", "-at_install")
class TestAccessScreen(AccessScreen):
    def test_an_officer_downloads_it_from_the_contact(self):
        before = self.count_exports()
        self.start_tour(f"/odoo/res.partner/{self.jane.id}", "crm_gdpr_access", login=self.officer.login, timeout=90)
        self.assertEqual(self.count_exports(), before + 1)

    def test_nobody_else_is_offered_it(self):
        url = f"/odoo/res.partner/{self.jane.id}"
        self.start_tour(url, "crm_gdpr_access_not_offered", login=self.employee.login, timeout=60)

    def test_it_is_sent_to_who_opened_it_alone(self):
        model = self.env["crm.gdpr.access"].with_user(self.officer)
        url = model.browse(model.action_open_for(self.jane.with_env(model.env))["res_id"]).action_download()["url"]
        self.env.flush_all()
        self.authenticate(self.officer.login, self.officer.login)
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Jane", answer.headers["Content-Disposition"])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertIsNone(archive.testzip())
            self.assertIn("index.html", archive.namelist())
        before = self.count_exports()
        second = self._make_user("privacy_second", "crm_gdpr.group_privacy_officer")
        with mute_logger("odoo.http"):
            for user in (*self.others, second):
                self.authenticate(user.login, user.login)
                self.assertEqual(self.url_open(url).status_code, 403, user.login)
            self.authenticate(self.officer.login, self.officer.login)
            self.assertEqual(self.url_open("/crm_gdpr/access/0").status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)
        self.assertEqual(self.count_exports(), before, "what was refused is not told as exported")


@tagged("post_install", "-at_install")
class TestAccessPhone(AccessScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_an_officer_downloads_it_on_a_phone(self):
        self.start_tour(f"/odoo/res.partner/{self.jane.id}", "crm_gdpr_access", login=self.officer.login, timeout=90)
