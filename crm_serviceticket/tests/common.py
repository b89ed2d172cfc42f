from odoo import Command, fields

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase


class TicketCase(SalesBoardCase):
    """The cast: a service team, those who work on tickets and those who do not, and a customer with two persons.

    ``service`` works on all tickets, ``ticket_manager`` also sets them up; neither has rights of Sales beyond that. Of
    the Sales Board's cast ``sales`` and ``other`` see their own, ``all_leads`` all, and ``manager`` manages.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.company
        cls.service = cls._make_user("cast_service", "crm_serviceticket.group_ticket_user")
        cls.ticket_manager = cls._make_user("cast_ticket_manager", "crm_serviceticket.group_ticket_manager")
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        calendar = {"name": "Service hours", "tz": "Europe/Brussels", "company_id": False}
        cls.calendar = cls.env["resource.calendar"].create(calendar)
        cls.service_team = cls.env["crm.team"].create(
            {
                "name": "Service",
                "uses_tickets": True,
                "use_leads": False,
                "use_opportunities": False,
                "company_id": False,
                "ticket_calendar_id": cls.calendar.id,
            }
        )
        statuses = {name: cls.env.ref(f"crm_serviceticket.crm_ticket_status_{name}") for name in STATUSES}
        cls.new, cls.work, cls.waiting, cls.closed = (statuses[name] for name in STATUSES)
        measures = [cls.env.ref(f"crm_serviceticket.crm_choice_ticket_measure_{name}") for name in MEASURES]
        cls.rejection, cls.advice, cls.exchange, cls.return_ = measures
        cls.customer = cls.env["res.partner"].create(
            {"name": "Bakker BV", "is_company": True, "email": "info@bakker.example", "lang": "en_US"}
        )
        cls.anna, cls.bart = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customer.id, "email": f"{name.lower()}@bakker.example"}
                for name in ("Anna", "Bart")
            ]
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger", "email": "stranger@else.example"})

    @classmethod
    def _make_ticket(cls, **values):
        """A complaint of Anna's, which the service team has got."""
        defaults = {
            "name": "Wheel broke off",
            "description": "<p>After two days.</p>",
            "partner_id": cls.customer.id,
            "contact_id": cls.anna.id,
            "team_id": cls.service_team.id,
            "user_id": False,
            "company_id": cls.home.id,
        }
        return cls.env["crm.ticket"].create({**defaults, **values})

    @classmethod
    def _close_ticket(cls, ticket, result="Sent a new wheel", **values):
        ticket.write({"result": result, "status_id": cls.closed.id, **values})
        return ticket

    @classmethod
    def _make_portal_user(cls, partner, **values):
        """Who may log in as a person of a customer."""
        login = f"portal_{partner.name.lower()}"
        defaults = {
            "login": login,
            "password": f"{login}-1234",
            "partner_id": partner.id,
            "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            "company_ids": [Command.set(cls.home.ids)],
            "company_id": cls.home.id,
        }
        return cls.env["res.users"].with_context(no_reset_password=True).create({**defaults, **values})

    @classmethod
    def _make_product(cls, name="Trolley", price=100.0, **values):
        return cls.env["product.product"].create({"name": name, "list_price": price, **values})

    @classmethod
    def _make_order(cls, product=None, quantity=2, **values):
        """A confirmed order of the customer."""
        product = product or cls._make_product()
        line = Command.create({"product_id": product.id, "product_uom_qty": quantity})
        order = cls.env["sale.order"].create({"partner_id": cls.customer.id, "order_line": [line], **values})
        order.action_confirm()
        return order

    @classmethod
    def _make_invoice(cls, product=None, quantity=2, **values):
        """A posted invoice of the customer."""
        product = product or cls._make_product()
        line = Command.create({"product_id": product.id, "quantity": quantity, "price_unit": product.list_price})
        defaults = {"move_type": "out_invoice", "partner_id": cls.customer.id, "invoice_date": fields.Date.today()}
        invoice = cls.env["account.move"].create({**defaults, "invoice_line_ids": [line], **values})
        invoice.action_post()
        return invoice

    def _as(self, user, record):
        """Without what another user has read already, in the companies of this one."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)


STATUSES = ("new", "work", "waiting", "closed")
MEASURES = ("rejection", "advice", "exchange", "return")
