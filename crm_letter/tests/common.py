import io
from unittest import skipUnless

from odoo import SUPERUSER_ID, Command, api
from odoo.tools.misc import find_in_path
from odoo.tools.pdf import PdfReader

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase


def has_printer():
    try:
        return bool(find_in_path("wkhtmltopdf"))
    except OSError:
        return False


needs_printer = skipUnless(has_printer(), "wkhtmltopdf is not installed")


class LetterCase(SalesBoardCase):
    """A company in Germany, customers at home and abroad, and a template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["res.company"].create(
            {
                "name": "Blumen & Söhne",
                "street": "Marktplatz 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": cls.env.ref("base.de").id,
            }
        )
        cast = cls.manager | cls.sales | cls.other | cls.all_leads | cls.outsider
        cast.write({"company_ids": [Command.link(cls.home.id)], "company_id": cls.home.id})
        cls.customer = cls._make_customer("Anna & Co <GmbH>", is_company=True)
        cls.template = cls._make_template()

    @classmethod
    def _make_customer(cls, name, country="de", **values):
        place = {"street": "Hauptstraße 5", "zip": "50667", "city": "Köln"}
        country_id = cls.env.ref(f"base.{country}").id if country else False
        return cls.env["res.partner"].create({"name": name, "country_id": country_id, **place, **values})

    @classmethod
    def _make_template(cls, **values):
        texts = {
            "name": "Visit",
            "subject": "Visit at {{ object.name }}",
            "salutation": "Dear {{ object.name }},",
            "body": '<p>We were in <t t-out="object.city">town</t>.</p>',
            "closing": "Kind regards",
        }
        return cls.env["crm.letter.template"].create({**texts, **values})

    def _as(self, user, record):
        """Without what another user has read already, in the companies of this one."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user).with_context(allowed_company_ids=[self.home.id])

    def _write(self, user=None, **values):
        letters = self._as(user or self.sales, self.env["crm.letter"])
        defaults = {"partner_id": self.customer.id, "template_id": self.template.id}
        return letters.create({**defaults, **values})

    def _prepare(self, partners, user=None, **values):
        batches = self._as(user or self.sales, self.env["crm.letter.batch"])
        values.setdefault("template_id", self.template.id)
        return batches._prepare_batch([(partner.id, False) for partner in partners], **values)

    def _run_job(self, expected=()):
        """In a transaction of its own, whose commits are kept and whose rest is lost, as in a worker."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cr = self.registry.cursor()
            try:
                api.Environment(cr, SUPERUSER_ID, {})["crm.letter.batch"]._print_waiting()
                cr.commit()
            except expected:
                cr.rollback()
            finally:
                cr.close()
        self.env.invalidate_all()

    @staticmethod
    def _pages(pdf):
        """The text of each page of a PDF, each line of it once through the spaces."""
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]

    def _documents(self, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["ir.attachment"].search(domain)

    def _history(self, record):
        domain = [("model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["mail.message"].search(domain).filtered(lambda message: "Letter L" in (message.body or ""))
