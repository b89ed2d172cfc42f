from datetime import timedelta

from odoo import Command, fields

from .common import SalesBoardCase


class CustomerPageCase(SalesBoardCase):
    """A company with a contact person, and a colleague of each kind who looks at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        ann = {"name": "Ann", "parent_id": cls.partner.id, "phone": "+31612345678"}
        cls.contact = cls.env["res.partner"].create(ann)
        cls.page = cls.env["crm.customer.page"]
        cls.today = fields.Date.today()

    def _page(self, user, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.page.with_user(user).get_page((partner or self.partner).id)

    def _blocks(self, user, partner=None):
        return {block["name"]: block for block in self._page(user, partner)["blocks"]}

    def _figures(self, block):
        return {figure["label"]: figure["value"] for figure in block["figures"]}

    @classmethod
    def _fill(cls, partners, count):
        """Give partners ``count`` records of every kind that the page shows, in turn."""
        each = [partners[number % len(partners)] for number in range(count)]
        leads = cls._fill_projects(each)
        documents = [(record._name, record.id) for record in [*each[: len(partners)], *leads]]
        documents = [documents[number % len(documents)] for number in range(count)]
        cls._fill_appointments(each, documents)
        cls._fill_papers(each, documents)
        return leads

    @classmethod
    def _fill_projects(cls, each):
        count = len(each)
        leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Project {number}",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "team_id": cls.team.id,
                    "user_id": cls.sales.id,
                    "expected_revenue": 1000,
                    "date_deadline": cls.today + timedelta(days=number),
                }
                for number, partner in enumerate(each)
            ]
        )
        cls._close(leads[: count // 4], "order")
        cls._close(leads[count // 4 : count // 2], "lost")
        return leads

    @classmethod
    def _fill_appointments(cls, each, documents):
        env, now, half = cls.env, fields.Datetime.now(), len(each) // 2
        call = env.ref("mail.mail_activity_data_call")
        activities = env["mail.activity"].create(
            [
                {
                    "res_model_id": env["ir.model"]._get_id(model),
                    "res_id": res_id,
                    "activity_type_id": call.id,
                    "summary": f"Activity {number}",
                    "user_id": env.uid,
                    "date_deadline": cls.today + timedelta(days=number - half),
                }
                for number, (model, res_id) in enumerate(documents)
            ]
        )
        activities[:half].action_feedback("Done")
        quiet = env["calendar.event"].with_context(no_mail_to_attendees=True, dont_notify=True)
        quiet.create(
            [
                {
                    "name": f"Visit {number}",
                    "start": now + timedelta(days=number - half, hours=1),
                    "stop": now + timedelta(days=number - half, hours=2),
                    "partner_ids": [Command.set(partner.ids)],
                }
                for number, partner in enumerate(each)
            ]
        )

    @classmethod
    def _fill_papers(cls, each, documents):
        env = cls.env
        env["crm.call"].create([{"number": "+31612345678", "partner_id": partner.id} for partner in each])
        env["crm.note"].create([{"text": "<p>Asked for a price</p>", "partner_id": partner.id} for partner in each])
        env["ir.attachment"].create(
            [{"name": "plan.txt", "raw": b"plan", "res_model": model, "res_id": res_id} for model, res_id in documents]
        )
        env["mail.message"].create(
            [
                {
                    "model": model,
                    "res_id": res_id,
                    "body": "Hello",
                    "message_type": "comment",
                    "author_id": cls.manager.partner_id.id,
                }
                for model, res_id in documents
            ]
        )
        product = env["product.product"].create({"name": "GTX"})
        env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": cls.sales.id,
                    "order_line": [Command.create({"product_id": product.id, "price_unit": 10})],
                }
                for partner in each
            ]
        )

    @classmethod
    def _invoice(cls, partner, amount, days=0, move_type="out_invoice"):
        """A posted invoice that is due in so many days."""
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": cls.today + timedelta(days=min(days, 0)),
                "invoice_date_due": cls.today + timedelta(days=days),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "x", "quantity": 1, "price_unit": amount, "tax_ids": False})
                ],
            }
        )
        move.action_post()
        return move
