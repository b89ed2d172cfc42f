from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .anonymise_case import AnonymiseCase


@tagged("post_install", "-at_install")
class TestRelease(AnonymiseCase):
    def test_an_error_that_nobody_thought_of_keeps_no_other_contact(self):
        people = self._make_contact("Ann") + self._make_contact("Bob")
        rows = self.env["crm.gdpr.kept"].create(
            [
                {"partner_id": person.id, "res_model": "res.partner", "res_id": person.id, "why": "posted",
                 "until": fields.Date.subtract(fields.Date.today(), days=2)}
                for person in people
            ]
        )  # fmt: skip
        model = type(self.env["crm.gdpr.kept"])
        find = model._find_still_kept

        def stumble(kept, partners):
            if people[0] in partners:
                raise KeyError(people[0].name)
            return find(kept, partners)

        with (
            patch.object(model, "_find_still_kept", stumble),
            self.assertLogs("odoo.addons.crm_gdpr.models.crm_gdpr_kept_release", "WARNING") as logs,
        ):
            self.env["crm.gdpr.kept"]._release(people)
        self.assertEqual([bool(row.released_at) for row in rows], [False, True])
        self.assertNotIn("Ann", "".join(logs.output))
