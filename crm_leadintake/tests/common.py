from odoo.tests import TransactionCase

from ..tools import desk


class IntakeCase(TransactionCase):
    """A source with a key, and ways to hand in leads as a door does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.source = cls._make_source()

    @classmethod
    def _make_source(cls, **values):
        source = cls.env["crm.intake.source"].create({"name": "Partner", "request_limit": 0, **values})
        key, _record = cls.env["crm.intake.key"]._generate(source)
        cls.keys = {**getattr(cls, "keys", {}), source.id: key}
        return source

    def _submit(self, records, source=None, door="json", **options):
        """Hand in records with the key of a source, and return the answers."""
        caller = desk.ByKey(self.keys[(source or self.source).id], "127.0.0.1")
        with self.enter_registry_test_mode():
            answers = desk.submit(self.env.registry, caller, records, door, **options)
        self.env.invalidate_all()
        # as the job does
        self.env["crm.lead.inbox"].search([("to_announce", "=", True)])._announce()
        return answers

    def _rows(self, source=None):
        """The inbox of a source, oldest first."""
        return self.env["crm.lead.inbox"].search([("source_id", "=", (source or self.source).id)], order="id")

    def _leads(self, source=None):
        """The leads that were made of what came from a source, oldest first."""
        domain = [("intake_source_id", "=", (source or self.source).id)]
        return self.env["crm.lead"].with_context(active_test=False).search(domain, order="id")
