"""A customer with a life in Odoo CRM, for the tests of anonymising."""

from odoo import Command

from .common import PrivacyCase

NAME = "Maria van Dalen"
EMAIL = "maria@vandalen.example"
PHONE = "+31 6 24681357"  # not one that forms give as an example


class AnonymiseCase(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.gdpr.field"]._complete()
        cls.colleague = cls.manager.partner_id

    @classmethod
    def _make_person(cls, **values):
        """A contact that CRM knows well."""
        return cls._make_contact(
            **{
                "name": NAME,
                "email": EMAIL,
                "phone": PHONE,
                "street": "Kerkstraat 12",
                "zip": "1012 AB",
                "city": "Amsterdam",
                "country_id": cls.env.ref("base.nl").id,
                "vat": "NL123456782B90",
                "comment": "<p>Likes sailing</p>",
                "function": "Director",
                **values,
            }
        )

    @classmethod
    def _make_lead(cls, partner, **values):
        return cls.env["crm.lead"].create(
            {"name": f"{NAME}'s new roof", "type": "opportunity", "partner_id": partner.id, **values}
        )

    def _request(self, partners=None, leads=None, user=None):
        return self.env["crm.gdpr.request"].with_user(user or self.officer)._make(partners, leads)

    def _anonymise(self, partners=None, leads=None, user=None):
        """Preview and carry out, as the officer and the job do."""
        request = self._request(partners, leads, user)
        request.action_preview()
        request.action_carry_out()
        self._carry_out(request)
        return request

    def _carry_out(self, request):
        """What the job does with the lines, and its search of everything, without its commits."""
        self.env.flush_all()
        job = request.sudo()
        identities = job.line_ids.filtered(lambda line: line.state == "planned")._carry_out()
        self.env.flush_all()
        job._finish(identities)
        self.env.invalidate_all()

    def _columns(self, record, *names):
        """Values as they stand in the table."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {', '.join(names)} FROM {record._table} WHERE id = %s",
            [record.id],  # names are the test's own
        )
        return self.env.cr.fetchone()

    def _post(self, record, body, author=None, **values):
        return record.message_post(body=body, author_id=(author or self.colleague).id, message_type="comment", **values)

    def _follow(self, record, partner):
        record.message_subscribe(partner.ids)

    def _set_custom_field(self, name="x_birthday", ttype="date", model="res.partner"):
        """A field that the company makes without a developer."""
        field = self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id(model),
                "name": name,
                "ttype": ttype,
                "field_description": name,
                "state": "manual",
            }
        )
        self.addCleanup(self.registry.reset_changes)
        return field

    @staticmethod
    def _link(records):
        return [Command.set(records.ids)]

    def _track(self, record, name, old, new, **values):
        """A change that was noted."""
        message = record._message_log(body="")
        field = self.env["ir.model.fields"]._get(record._name, name)
        self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_char": old,
                "new_value_char": new,
                **values,
            }
        )
