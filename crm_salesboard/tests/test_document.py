import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


class DocumentCase(SalesBoardCase):
    """A customer with a contact person and a project of the salesperson, each with a document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.contact = cls.env["res.partner"].create({"name": "Ida", "parent_id": cls.partner.id})
        cls.lead = cls._make_lead()
        cls.proposal = cls.env.ref("crm_salesboard.crm_choice_document_type_proposal")
        cls.contract = cls.env.ref("crm_salesboard.crm_choice_document_type_contract")
        cls.offer_file = cls._make_file(cls.lead, "offer.txt", document_type_id=cls.proposal.id)
        cls.terms_file = cls._make_file(cls.partner, "terms.txt", document_type_id=cls.contract.id)
        cls.card_file = cls._make_file(cls.contact, "card.txt")

    @classmethod
    def _make_file(cls, record, name, **values):
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": name.encode(), "res_model": record._name, "res_id": record.id, **values}
        )

    def _documents_of(self, partner, user=None, **context):
        attachments = self.env["ir.attachment"].with_user(user or self.env.user)
        return attachments.search([("customer_id", "=", partner.id), ("replaced_by_id", "=", False)])


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):
    # ------------------------------------------------------------
    # Where documents are seen
    # ------------------------------------------------------------

    def test_the_customer_shows_its_documents_those_of_its_contacts_and_projects_and_says_whose(self):
        everything = self.offer_file | self.terms_file | self.card_file
        self.assertEqual(self._documents_of(self.partner), everything)
        self.assertEqual(self._documents_of(self.contact), everything, "A contact person's page shows the company's.")
        self.assertEqual(self.partner.document_count, 3)
        self.assertEqual(self.contact.document_count, 3)
        self.assertEqual(
            everything.mapped("owner_name"),
            [record.display_name for record in (self.lead, self.partner, self.contact)],
        )
        self.assertEqual(everything.customer_id, self.partner | self.contact)
        action = self.offer_file.action_open_owner()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.lead.id))

    def test_other_customers_documents_are_not_shown(self):
        stranger = self.env["res.partner"].create({"name": "Elsewhere", "is_company": True})
        foreign = self._make_file(self._make_lead(partner_id=stranger.id), "foreign.txt")
        self.assertNotIn(foreign, self._documents_of(self.partner))
        self.assertEqual(self._documents_of(stranger), foreign)
        self.assertFalse(self._documents_of(self.env["res.partner"]))

    def test_closed_projects_and_archived_contacts_keep_their_documents(self):
        self._close(self.lead, "lost")
        self.contact.active = False
        self.assertEqual(self.partner.document_count, 3)
        self.assertEqual(len(self._documents_of(self.partner)), 3)

    def test_the_files_of_messages_are_documents_and_the_pictures_of_fields_are_not(self):
        message = self.lead.message_post(body="See file", attachments=[("mail.txt", b"mail")])
        self.partner.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        self.lead.invalidate_recordset(["document_count"])
        self.assertEqual(self.lead.document_count, 2)
        self.assertIn(message.attachment_ids, self._documents_of(self.partner))
        self.assertEqual(len(self._documents_of(self.partner)), 4)

    def test_counts_of_many_cost_the_same_as_of_one(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {i}", "is_company": True} for i in range(40)])
        leads = self.env["crm.lead"].create(
            [{"name": "Deal", "partner_id": partner.id, "team_id": self.team.id} for partner in partners]
        )
        for lead in leads[:20]:
            self._make_file(lead, "x.txt")
        self.env.flush_all()
        for records, budget in ((leads, 1), (partners, 4)):
            for some in (records[:1], records):
                self.env.invalidate_all()
                with self.assertQueryCount(budget + 2):
                    some.mapped("document_count")
        self.assertEqual(sum(leads.mapped("document_count")), 20)
        self.assertEqual(sum(partners.mapped("document_count")), 20)

    def test_the_document_list_costs_no_query_per_document(self):
        specification = {"name": {}, "owner_name": {}, "document_type_id": {"fields": {"display_name": {}}}}
        domain = [("customer_id", "=", self.partner.id)]
        attachments = self.env["ir.attachment"].with_user(self.all_leads)

        def queries():
            self.env.invalidate_all()
            attachments.web_search_read(domain, specification)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            attachments.web_search_read(domain, specification)
            return self.env.cr.sql_log_count - before

        few = queries()
        for i in range(30):
            self._make_file(self._make_lead(name=f"Project {i}"), f"{i}.txt")
        self.env.flush_all()
        self.assertLessEqual(queries(), few)

    # ------------------------------------------------------------
    # Replacing
    # ------------------------------------------------------------

    def test_a_replaced_document_is_kept_behind_the_new_one(self):
        second = self._make_file(self.lead, "offer 2.txt")
        third = self._make_file(self.lead, "offer 3.txt")
        self.offer_file.with_user(self.sales).action_replace_by(second.id)
        second.with_user(self.sales).action_replace_by(third.id)
        self.assertEqual(third.version, 3)
        self.assertEqual(third.document_type_id, self.proposal, "The type goes along.")
        self.assertEqual(third.previous_version_ids, self.offer_file | second)
        self.assertEqual(self.offer_file.raw, b"offer.txt")
        self.assertEqual(self.lead.document_count, 1, "Old versions are not counted.")
        self.assertEqual(self.lead._get_mail_thread_data_attachments(), third)

    def test_deleting_the_newest_version_brings_the_one_before_back(self):
        second = self._make_file(self.lead, "offer 2.txt")
        third = self._make_file(self.lead, "offer 3.txt")
        self.offer_file.action_replace_by(second.id)
        second.action_replace_by(third.id)
        third.with_user(self.sales).unlink()
        self.assertFalse(second.replaced_by_id)
        self.assertEqual(self.offer_file.replaced_by_id, second)
        second.unlink()
        self.assertFalse(self.offer_file.replaced_by_id)

    def test_deleting_a_project_deletes_all_versions(self):
        second = self._make_file(self.lead, "offer 2.txt")
        self.offer_file.action_replace_by(second.id)
        self.lead.unlink()
        self.assertFalse((self.offer_file | second).exists())

    def test_what_cannot_be_replaced_is_refused_with_the_way_out(self):
        second = self._make_file(self.lead, "offer 2.txt")
        self.offer_file.action_replace_by(second.id)
        with self.assertRaisesRegex(UserError, "was replaced by offer 2.txt already"), self.env.cr.savepoint():
            self.offer_file.action_replace_by(self._make_file(self.lead, "offer 3.txt").id)
        with self.assertRaisesRegex(ValidationError, "of the same record"), self.env.cr.savepoint():
            second.action_replace_by(self.terms_file.id)
        with self.assertRaisesRegex(ValidationError, "of the same record"), self.env.cr.savepoint():
            second.action_replace_by(second.id)
        with self.assertRaisesRegex(UserError, "not there any more"), self.env.cr.savepoint():
            second.action_replace_by(0)

    def test_types_are_document_types_and_stay_while_used(self):
        kind = self.env["crm.choice"].search([("usage", "=", "kind")], limit=1)
        with self.assertRaisesRegex(ValidationError, "is not a document type"), self.env.cr.savepoint():
            self.offer_file.document_type_id = kind
        with self.assertRaisesRegex(UserError, "Archive it instead"), self.env.cr.savepoint():
            self.proposal.unlink()

    def test_merging_projects_keeps_documents_and_their_versions(self):
        second = self._make_file(self.lead, "offer 2.txt")
        self.offer_file.action_replace_by(second.id)
        other = self._make_lead(name="Other", probability=90)
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged, other)
        self.assertEqual((self.offer_file | second).mapped("res_id"), other.ids * 2)
        self.assertEqual(second.previous_version_ids, self.offer_file)
        self.assertEqual(merged.document_count, 1)

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_documents_follow_the_rights_on_what_they_hang_on(self):
        cases = [
            (self.manager, self.offer_file | self.terms_file | self.card_file),
            (self.sales, self.offer_file | self.terms_file | self.card_file),
            (self.all_leads, self.offer_file | self.terms_file | self.card_file),
            (self.other, self.terms_file | self.card_file),
            (self.outsider, self.terms_file | self.card_file),
            (self.accountant, self.offer_file | self.terms_file | self.card_file),
        ]
        for user, expected in cases:
            with self.subTest(user=user.login):
                self.assertEqual(self._documents_of(self.partner, user).sudo(), expected)
                self.assertEqual(self.partner.with_user(user).document_count, len(expected))

    def test_who_may_not_see_the_project_gets_nothing_of_its_documents(self):
        attachments = self.env["ir.attachment"]
        for user in (self.other, self.outsider):
            with self.subTest(user=user.login):
                mine = attachments.with_user(user)
                domain = [("name", "=", "offer.txt")]
                self.assertFalse(mine.search(domain))
                self.assertEqual(mine.search_count(domain), 0)
                self.assertFalse(mine._read_group(domain, ["document_type_id"], ["__count"]))
                self.assertFalse(mine.search([("replaced_by_id", "!=", False)]))
                stolen = self.offer_file.with_user(user)
                for attack in (
                    lambda stolen=stolen: stolen.read(["name", "document_type_id", "owner_name"]),
                    lambda stolen=stolen: stolen.write({"document_type_id": self.contract.id}),
                    lambda stolen=stolen: stolen.unlink(),
                    lambda stolen=stolen: stolen.action_replace_by(self.terms_file.id),
                    lambda stolen=stolen: stolen.action_open_owner(),
                ):
                    with self.assertRaises(AccessError):
                        attack()

    def test_the_documents_of_a_restricted_project_are_not_the_customers_for_others(self):
        self.lead.is_restricted = True
        for user in (self.manager, self.all_leads):
            with self.subTest(user=user.login):
                self.assertEqual(self._documents_of(self.partner, user).sudo(), self.terms_file | self.card_file)
                self.assertEqual(self.partner.with_user(user).document_count, 2)
        self.assertEqual(self.partner.with_user(self.sales).document_count, 3)

    def test_a_reader_of_the_customer_does_not_replace_its_documents(self):
        newer = self._make_file(self.partner, "terms 2.txt")
        with self.assertRaises(AccessError):
            self.terms_file.with_user(self.outsider).action_replace_by(newer.id)

    def test_a_public_file_does_not_name_the_project_to_those_who_may_not_see_it(self):
        self.offer_file.public = True
        self.assertEqual(self.offer_file.with_user(self.other).owner_name, False)
        self.assertFalse(self.offer_file.with_user(self.other).customer_id)


@tagged("post_install", "-at_install")
class TestDocumentUpload(HttpCase, DocumentCase):
    """Files as the browser sends them, several replacing and by whom."""

    def _upload(self, record, name="new.txt", **data):
        return self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": Request.csrf_token(self),
                "thread_model": record._name,
                "thread_id": record.id,
                **data,
            },
            files={"ufile": (name, b"new", "text/plain")},
        )

    def test_an_uploaded_file_takes_the_place_of_the_document_named_with_it(self):
        self.sales.password = "cast_sales"
        self.authenticate("cast_sales", "cast_sales")
        response = self._upload(self.lead, replaces_id=self.offer_file.id)
        new = self.env["ir.attachment"].browse(json.loads(response.text)["data"]["attachment_id"])
        self.assertEqual(self.offer_file.replaced_by_id, new)
        self.assertEqual(new.create_uid, self.sales)

    @mute_logger("odoo.http")
    def test_nobody_replaces_by_upload_what_they_may_not_change(self):
        self.other.password = "cast_other"
        own = self._make_lead(user_id=self.other.id)
        self.authenticate("cast_other", "cast_other")
        self.assertEqual(self._upload(self.lead).status_code, 404)
        before = self.env["ir.attachment"].search_count([])
        self._upload(own, replaces_id=self.offer_file.id)
        self.assertFalse(self.offer_file.replaced_by_id)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before, "Nothing half done.")
