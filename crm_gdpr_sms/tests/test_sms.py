from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.common import PrivacyCase


@tagged("post_install", "-at_install")
class TestSms(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.gdpr.suppression"]._remember([], ["+31612345678"], cls.env.company)
        cls.jane = cls._make_contact(phone="+31 6 1234 5678")
        cls.john = cls._make_contact("John", phone="+31 6 1234 5679")

    def _prepare(self, records, **values):
        composer = self.env["sms.composer"].create(
            {
                "composition_mode": "mass",
                "res_model": records._name,
                "res_ids": repr(records.ids),
                "body": "Hello",
                **values,
            }
        )
        prepared = composer._prepare_mass_sms_values(records)
        return {records.browse(record_id): (sms["state"], sms["failure_type"]) for record_id, sms in prepared.items()}

    def test_a_number_of_an_anonymised_person_gets_none_as_if_on_the_blacklist(self):
        found = self._prepare(self.jane + self.john)
        self.assertEqual(found, {self.jane: ("canceled", "sms_blacklist"), self.john: ("outgoing", "")})

    def test_who_decides_to_write_to_excluded_ones_does(self):
        found = self._prepare(self.jane, use_exclusion_list=False)
        self.assertEqual(found[self.jane], ("outgoing", ""))

    def test_where_the_company_does_without_all_get_it(self):
        self.env.company.gdpr_suppression = False
        self.assertEqual(self._prepare(self.jane)[self.jane], ("outgoing", ""))

    def test_an_sms_to_all_customers_on_the_board_leaves_them_out(self):
        if "crm.sms.sending" not in self.env:
            self.skipTest("the Sales Board is not installed")
        blocked = self.env["crm.sms.sending"]._blacklisted_numbers(["+31612345678", "+31612345679"])
        self.assertEqual(blocked, {"+31612345678"})
