"""Private customers: what else people do in Odoo goes on working, and gives no customer away."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .test_private_customers import EVERYBODY, PrivateCustomersCase

# Models with a partner that whoever is kept from a customer can read all the same, and why.
IN_SIGHT = {
    # Colleagues see each other's calendar, to plan; a meeting that is nobody's business is made private in Odoo.
    "calendar.event",
    "calendar.attendee",
    # Who writes to whom: open to whoever may read the record that the message, or the follower, belongs to.
    "mail.message",
    "mail.followers",
    "mail.notification",
    "discuss.channel.member",
    # Employees, and what is their own.
    "res.users",
    "res.company",
}


@tagged("post_install", "-at_install")
class TestPrivateCustomersInOdoo(PrivateCustomersCase):
    def _env(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env(user=user, context={})

    def test_whoever_makes_a_customer_owns_it(self):
        for choice in ("managers", EVERYBODY):
            self._switch(True, choice)
            for user in self.sales | self.all_leads:
                partners = self._env(user)["res.partner"]
                form = Form(partners)
                self.assertEqual(form.user_id, user)
                form.name = "By form"
                made = form.save()
                self.assertEqual(made.user_id, user)
                self.assertEqual(partners.browse(partners.name_create("Quick")[0]).user_id, user)
                imported = partners.load(["name", "email"], [["Imported", "i@example.com"], ["Too", "t@example.com"]])
                self.assertEqual(partners.browse(imported["ids"]).user_id, user)
                self.assertEqual(partners.search([("id", "in", imported["ids"])]).ids, sorted(imported["ids"]))
                saved = partners.web_save({"name": "By web"}, {"name": {}, "user_id": {}})
                self.assertEqual(saved[0]["user_id"], user.id)

    def test_a_customer_without_owner_is_made_only_where_everybody_sees_it(self):
        emptied = self._env(self.sales)["res.partner"].create({"name": "Emptied", "user_id": False})
        self.assertEqual(emptied.user_id, self.sales)
        self._switch(True, EVERYBODY)
        emptied = self._env(self.sales)["res.partner"].create({"name": "Emptied", "user_id": False})
        self.assertFalse(emptied.user_id)
        self.assertEqual(emptied.with_user(self.linked).name, "Emptied")

    def test_people_of_a_company_keep_its_owner(self):
        person = self._env(self.sales)["res.partner"].create({"name": "P", "parent_id": self.mine.id})
        self.assertEqual(person.user_id, self.sales)
        self._make_lead(partner_id=self.theirs.id, user_id=self.sales.id)
        person = self._env(self.sales)["res.partner"].create({"name": "P", "parent_id": self.theirs.id})
        self.assertEqual(person.user_id, self.other)
        self.assertEqual(person.name, "P")

    def test_with_the_switch_off_and_for_those_who_see_all_no_owner_is_filled_in(self):
        for user in self.exempt - self.auditor:
            user.group_ids += self.env.ref("base.group_partner_manager")
            self.assertFalse(self._env(user)["res.partner"].create({"name": "X"}).user_id)
        self._switch(False)
        self.assertFalse(self._env(self.sales)["res.partner"].create({"name": "X"}).user_id)

    def test_handing_a_customer_over_in_the_form_says_who_can(self):
        mine = self.mine.with_env(self._env(self.sales))
        refused = self.assertRaisesRegex(UserError, "sales manager")
        with refused, self.cr.savepoint(), mute_logger("odoo.addons.base.models.ir_rule"):
            mine.web_save({"user_id": self.other.id}, {"name": {}})
        self.env.invalidate_all()
        self.theirs.with_env(self._env(self.manager)).web_save({"user_id": self.sales.id}, {"name": {}})
        self._assert_sees(self.sales, self.everyone - self.nobodys - self.nobodys_person)

    def test_a_project_for_a_new_customer_is_made_at_once(self):
        env = self._env(self.sales)
        form = Form(env["crm.lead"].with_context(default_type="opportunity"))
        form.name, form.team_id = "New", self.team
        form.partner_id = env["res.partner"].browse(env["res.partner"].name_create("Fresh")[0])
        lead = form.save()
        self.assertEqual(lead.partner_id.user_id, self.sales)
        lead = env["crm.lead"].create({"name": "From mail", "email_from": "n@new.example", "contact_name": "New"})
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id.user_id, self.sales)

    def test_a_colleagues_project_gets_its_customer_from_a_linked_user(self):
        lead = self._make_lead(partner_id=False, user_id=self.other.id, contact_name="New", email_from="n@new.example")
        lead.linked_user_ids = [Command.create({"user_id": self.linked.id})]
        lead = lead.with_env(self._env(self.linked))
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id.user_id, self.other)
        self.assertEqual(lead.partner_id.name, "New")

    def test_the_chatter_of_an_own_customer_works_with_strangers_in_it(self):
        self.mine.message_subscribe((self.theirs | self.nobodys).ids)
        self.mine.with_user(self.manager).message_post(
            body="Hello", author_id=self.theirs.id, partner_ids=self.their_person.ids, message_type="comment"
        )
        env = self._env(self.sales)
        mine = self.mine.with_env(env)
        message = mine.message_post(body="Here", subtype_xmlid="mail.mt_comment")
        self.assertTrue(message.notified_partner_ids)
        fetched = env["mail.message"]._message_fetch(domain=None, thread=mine)["messages"]
        self.assertIn(message, fetched)
        self._store(fetched)
        self.assertTrue(mine.message_get_followers())
        mine.message_unsubscribe(self.theirs.ids)
        names = {found["name"] for found in self._mentions(env, "") if "name" in found}
        self.assertIn(self.manager.name, names)
        self.assertNotIn("Theirs", {found.get("name") for found in self._mentions(env, "Theirs")})

    def _store(self, messages):
        return Store().add(messages).get_result()

    def _mentions(self, env, term):
        return env["res.partner"].get_mention_suggestions(term, limit=100).get("res.partner", [])

    def test_a_colleagues_meeting_opens_with_the_attendees_one_may_see(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
                "user_id": self.other.id,
                "partner_ids": (self.theirs | self.other.partner_id).ids,
            }
        )
        env = self._env(self.sales)
        mine = event.with_env(env)
        self.assertEqual(Form(mine).name, "Visit")
        self.assertEqual(mine.partner_ids, self.other.partner_id)
        mine.web_save({"description": "Later"}, {"name": {}, "attendee_ids": {"fields": {"display_name": {}}}})
        self.env.invalidate_all()
        self.assertEqual(event.partner_ids, self.theirs | self.other.partner_id)
        self.assertEqual(len(event.attendee_ids), 2)
        self.env.invalidate_all()
        attendees = mine.partner_ids.get_attendee_detail(mine.ids)
        self.assertEqual({found["name"] for found in attendees}, {self.other.partner_id.name})

    def test_a_conversation_with_a_stranger_goes_on(self):
        portal = self.env["res.users"].create(
            {
                "name": "Chatter",
                "login": "cast_portal",
                "partner_id": self.their_person.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        channel = self.env["discuss.channel"].create({"name": "Deal", "channel_type": "group"})
        channel._add_members(users=self.sales | portal)
        channel.message_post(body="Hello", author_id=portal.partner_id.id, message_type="comment")
        env = self._env(self.sales)
        data = Store().add(channel.with_env(env)).get_result()
        self.assertTrue(data["discuss.channel"])
        self._store(channel.with_env(env).message_ids)
        channel.with_env(env).message_post(body="Hi", message_type="comment")

    def test_orders_follow_their_customer(self):
        product = self.env["product.product"].create({"name": "Pump", "list_price": 10})
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for partner, user in ((self.mine, self.sales), (self.theirs, self.other), (self.theirs, self.manager))
            ]
        )
        orders.action_confirm()
        for user, seen in (
            (self.sales, orders[0]),
            (self.all_leads, orders.browse()),
            (self.accountant, orders),
            (self.manager, orders),
        ):
            env = self._env(user)
            with self.subTest(user.login):
                found = env["sale.order"].search([("id", "in", orders.ids)])
                self.assertEqual(found.ids, seen.sorted().ids if seen else [])
                found.web_read({"partner_id": {"fields": {"display_name": {}}}, "amount_total": {}})
                lines = env["sale.order.line"].search([("order_id", "in", orders.ids)])
                self.assertEqual(len(lines), len(seen))
                if not env["sale.report"].has_access("read"):
                    continue
                report = env["sale.report"].search([("order_reference", "in", [f"sale.order,{o.id}" for o in orders])])
                self.assertEqual(len(report), len(seen))

    def test_invoices_follow_their_customer(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.theirs.id,
                "invoice_user_id": self.other.id,
                "invoice_line_ids": [Command.create({"name": "Pump", "price_unit": 10})],
            }
        )
        for user, seen in ((self.all_leads, 0), (self.other, 1), (self.accountant, 1), (self.auditor, 1)):
            env = self._env(user)
            with self.subTest(user.login):
                self.assertEqual(env["account.move"].search_count([("id", "=", invoice.id)]), seen)
                lines = env["account.move.line"].search([("move_id", "=", invoice.id)])
                self.assertEqual(bool(lines), bool(seen))
        form = Form(invoice.with_env(self._env(self.accountant)))
        form.partner_id = self.mine
        form.save().action_post()

    def test_calls_follow_their_customer(self):
        calls = self.env["crm.call"].create(
            [
                {"number": "+31201234567", "partner_id": partner.id, "user_id": self.other.id}
                for partner in (self.mine, self.theirs, self.nobodys)
            ]
        )
        self.assertEqual(self._env(self.sales)["crm.call"].search([("id", "in", calls.ids)]).ids, calls[0].ids)
        self.assertFalse(self._env(self.all_leads)["crm.call"].search([("id", "in", calls.ids)]))
        self.assertEqual(len(self._env(self.manager)["crm.call"].search([("id", "in", calls.ids)])), 3)

    def test_similar_projects_are_those_one_may_see(self):
        mine = self._make_lead(partner_id=self.mine.id, email_from="z@zanzibar.example")
        self._make_lead(partner_id=self.theirs.id, email_from="z@zanzibar.example", user_id=self.other.id)
        for user in self.sales | self.all_leads:
            mine.user_id = user
            env = self._env(user)
            self.assertEqual(mine.with_env(env).duplicate_lead_count, 0)
        self.assertEqual(mine.with_env(self._env(self.manager)).duplicate_lead_count, 1)

    def test_merging_offers_only_customers_in_sight(self):
        (self.mine | self.theirs).email = "same@example.com"
        group = self.env.ref("base.group_partner_manager")
        group.user_ids |= self.sales
        env = self._env(self.sales)
        wizard = env["base.partner.merge.automatic.wizard"].create({"group_by_email": True})
        wizard.action_start_manual_process()
        self.assertNotIn(self.theirs, wizard.partner_ids.sudo())
        with mute_logger("odoo.addons.base.models.ir_rule"):
            both, kept = self.mine | self.theirs, self.mine.with_env(env)
            self._refused(lambda: env["base.partner.merge.automatic.wizard"]._merge(both.ids, kept))

    def test_the_board_and_the_forecast_count_what_one_sees(self):
        self._make_lead(partner_id=self.mine.id)
        self._make_lead(partner_id=self.theirs.id, user_id=self.other.id)
        domain = [("team_id", "=", self.team.id)]
        for user, count in ((self.sales, 1), (self.all_leads, 0), (self.manager, 2)):
            figures = self._env(user)["crm.lead"].get_salesboard(domain)
            self.assertEqual(figures["total"]["count"], count, user.login)

    def test_mail_from_and_to_private_customers_arrives(self):
        self.theirs.email = "theirs@theirs.example"
        lead = self._make_lead(partner_id=self.mine.id)
        env = self._env(self.sales)
        found = lead.with_env(env)._partner_find_from_emails_single(["theirs@theirs.example"])
        self.assertEqual(found.user_id, self.sales, "Who writes to a stranger has a customer of the own")
        self.assertNotEqual(found, self.theirs)
        found.unlink()
        incoming = (
            "From: Their <theirs@theirs.example>\nTo: catchall@example.com\nSubject: Re\nMessage-Id: <x1@x>\n"
            "Content-Type: text/plain\n\nHello"
        )
        thread_id = self.env["mail.thread"].message_process("crm.lead", incoming)
        made = self.env["crm.lead"].browse(thread_id)
        self.assertEqual(made.message_ids[-1:].author_id or made.partner_id, self.theirs)

    def test_a_check_of_many_customers_costs_one_query(self):
        partners = self.env["res.partner"].create([{"name": f"C{i}", "user_id": self.other.id} for i in range(50)])
        leads = self.env["crm.lead"].create(
            [{"name": p.name, "partner_id": p.id, "user_id": self.sales.id, "type": "opportunity"} for p in partners]
        )
        mine = partners.with_env(self._env(self.sales))
        mine.env.user.has_group("base.group_user")
        mine[0]._filtered_access("read")
        for records, budget in ((mine[1:3], 3), (mine[3:], 3)):
            self.env.invalidate_all()
            with self.assertQueryCount(budget):
                self.assertEqual(len(records._filtered_access("read")), len(records))
        self.assertEqual(len(leads), 50)

    def test_with_the_switch_off_nothing_is_asked(self):
        self._switch(False)
        env = self._env(self.sales)
        for model in ("res.partner", "crm.lead", "sale.order", "account.move"):
            domain = env["ir.rule"]._compute_domain(model)
            self.assertNotIn("is_private", str(domain))
        self._switch(True)
        for user in self.exempt:
            for model in ("res.partner", "crm.lead", "sale.order", "account.move"):
                domain = self._env(user)["ir.rule"]._compute_domain(model)
                self.assertNotIn("is_private", str(domain), user.login)

    def test_no_list_shows_a_private_customer(self):
        """Walks over all that points at a partner and is for salespeople to read.

        A model that is new here needs a rule like those in ``security/private_customers_security.xml``, or a place in
        IN_SIGHT with the reason.
        """
        self._hang_things_on(self.theirs)
        hidden, tried = (self.theirs | self.their_person).ids, set()
        env = self._env(self.all_leads)
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto or name in IN_SIGHT | {"res.partner"}:
                continue
            if not env[name].has_access("read"):
                continue
            for field in model._fields.values():
                if field.store and field.type in ("many2one", "many2many") and field.comodel_name == "res.partner":
                    with self.subTest(model=name, field=field.name):
                        theirs = self.env[name].with_context(active_test=False).search([(field.name, "in", hidden)])
                        tried.update([name] if theirs else [])
                        found = env[name].with_context(active_test=False).search([("id", "in", theirs.ids)])
                        if field.type == "many2one":
                            self.assertFalse(found, f"{found} of {theirs}")
                        else:
                            self.env.invalidate_all()
                            self.assertFalse(set(found.mapped(field.name)._ids) & set(hidden))
        must = {"crm.lead", "crm.call", "crm.note", "crm.lead.contact", "sale.order", "sale.order.line", "account.move"}
        self.assertLessEqual(must | {"account.move.line", "res.partner.bank"}, tried)

    def _hang_things_on(self, customer):
        lead = self._make_lead(partner_id=customer.id, user_id=self.other.id)
        self.env["crm.lead.contact"].create({"lead_id": lead.id, "partner_id": customer.id})
        self.env["crm.call"].create({"number": "+31201234567", "partner_id": customer.id, "user_id": self.other.id})
        self.env["crm.note"].create({"partner_id": customer.id, "summary": "Secret", "user_id": self.other.id})
        self.env["res.partner.bank"].create({"acc_number": "NL91ABNA0417164300", "partner_id": customer.id})
        product = self.env["product.product"].create({"name": "Pump", "list_price": 10})
        lines = [Command.create({"product_id": product.id})]
        self.env["sale.order"].create({"partner_id": customer.id, "user_id": self.other.id, "order_line": lines})
        move = {"move_type": "out_invoice", "partner_id": customer.id, "invoice_user_id": self.other.id}
        self.env["account.move"].create({**move, "invoice_line_ids": [Command.create({"name": "P", "price_unit": 9})]})
        customer.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=self.other.id)
        self.env["res.partner.category"].create({"name": "Gold", "partner_ids": customer.ids})
