from lxml import html

from odoo.tests import tagged

from .access_case import AccessCase

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
# what a name and a message must not make happen
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@tagged("post_install", "-at_install")
class TestContent(AccessCase):
    """Everything that is stored about a person is in the archive."""

    def test_the_contact_with_its_addresses_and_all_its_fields_is_in_it(self):
        tag = self.env["res.partner.category"].create({"name": "Fond of tiles"})
        self.jane.write({"category_id": tag.ids, "vat": "NL861742935B68", "function": "Weaver", "ref": "QX-7713"})
        home = self._make_contact("Jane at home", parent_id=self.jane.id, type="delivery", street="Zeedijk 9")
        self.env["res.partner.bank"].create({"partner_id": self.jane.id, "acc_number": "NL57RABO0318264759"})
        archive = self.export()
        told = archive.records("res.partner")[self.jane.id]["values"]
        self.assertEqual(told["name"], "Jane Quillfeather")
        self.assertEqual(told["category_id"], ["Fond of tiles"])
        self.assertEqual(told["comment"], "<p>Prefers mornings</p>")
        self.assertEqual(told.get("user_id"), None)
        self.assertEqual(archive.records("res.partner")[home.id]["values"]["street"], "Zeedijk 9")
        self.assert_told(archive, "NL861742935B68", "Weaver", "QX-7713", "NL57RABO0318264759", "Kwikstaartkade 417")
        self.assertIn("Weaver", archive.text("pages/res.partner.html"))

    def test_fields_that_the_company_made_are_in_it(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "name": "x_shoe_size",
                "field_description": "Shoe Size",
                "ttype": "char",
                "state": "manual",
            }
        )
        self.addCleanup(self.registry.reset_changes)
        self.jane["x_shoe_size"] = "thirty-nine"
        archive = self.export()
        self.assertEqual(archive.records("res.partner")[self.jane.id]["values"]["x_shoe_size"], "thirty-nine")
        self.assertIn("Shoe Size thirty-nine", archive.text("pages/res.partner.html"))

    def test_projects_of_the_contact_and_those_with_the_address_alone_are_in_it(self):
        lead = self.make_lead(partner_id=self.jane.id, description="<p>Wants slate</p>", expected_revenue=1234.5)
        address = "Jane <jane@quillfeather.example>"
        found = self.make_lead(name="By the form", email_from=address, contact_name="Jane Q.")
        archive = self.export()
        told = archive.records("crm.lead")
        self.assertEqual(set(told), {lead.id, found.id})
        self.assertEqual(told[lead.id]["values"]["description"], "<p>Wants slate</p>")
        self.assertEqual(told[lead.id]["values"]["expected_revenue"]["amount"], 1234.5)
        self.assertEqual(told[lead.id]["values"]["user_id"], {"value": None, "text": "an employee"})
        self.assertEqual(told[lead.id]["values"]["type"], {"value": "opportunity", "text": "Opportunity"})

    def test_a_lead_without_a_contact_is_a_person_too(self):
        lead = self.make_lead(contact_name="Nora Newcomer", email_from="nora@newcomer.example")
        self.note(lead, "<p>Rings on Monday</p>")
        archive = self.export(lead)
        self.assertEqual(archive.data["person"], {"model": "crm.lead", "id": lead.id, "anonymised": False})
        self.assertEqual(archive.records("crm.lead")[lead.id]["values"]["contact_name"], "Nora Newcomer")
        self.assert_told(archive, "Rings on Monday")

    def test_messages_are_told_as_written_received_and_about_the_person(self):
        lead = self.make_lead(partner_id=self.jane.id)
        wrote = self.note(lead, "<p>Send slate</p>", author=self.jane, message_type="email")
        received = self.note(self.karl, "<p>Slate comes Friday</p>", partner_ids=self.jane.ids)
        about = self.note(lead, "<p>Pays slowly</p>")
        told = self.export().records("mail.message")
        relations = {message: told[message.id]["relation"] for message in (wrote, received, about)}
        self.assertEqual(relations, {wrote: "wrote", received: "received", about: "about"})
        self.assertEqual(told[about.id]["values"]["author"], "an employee")
        self.assertEqual(told[about.id]["values"]["body"], "<p>Pays slowly</p>")
        self.assertEqual(told[about.id]["values"]["record"]["value"], {"model": "crm.lead", "id": lead.id})

    def test_what_was_noted_as_changed_is_in_it(self):
        lead = self.make_lead(partner_id=self.jane.id)
        self.cr.precommit.run()
        lead.write({"expected_revenue": 777, "user_id": self.manager.id})
        self.cr.precommit.run()
        changes = [
            change for record in self.export().records("mail.message").values() for change in record.get("changes", [])
        ]
        self.assertIn({"field": "Salesperson", "old": "an employee", "new": "an employee"}, changes)
        self.assertTrue([change for change in changes if change["new"].startswith("777")])

    def test_activities_meetings_and_accounts_are_in_it(self):
        self.jane.with_user(self.mara).activity_schedule("mail.mail_activity_data_call", note="<p>Ask for slate</p>")
        event = self.env["calendar.event"].create(
            {
                "name": "Looking at slate",
                "start": "2026-05-01 10:00:00",
                "stop": "2026-05-01 11:00:00",
                "partner_ids": [self.jane.id, self.mara.partner_id.id],
            }
        )
        self._make_user_of(self.jane)
        archive = self.export()
        [activity] = archive.records("mail.activity").values()
        self.assertEqual(activity["values"]["note"], "<p>Ask for slate</p>")
        meeting = archive.records("calendar.event")[event.id]
        self.assertEqual((meeting["relation"], meeting["values"]["start"]), ("involved", "2026-05-01T10:00:00Z"))
        self.assertEqual(meeting["values"]["role"]["value"], ["partner_ids"])
        [account] = archive.records("res.users").values()
        self.assertEqual(account["values"]["login"], "jane@quillfeather.example")

    def _make_user_of(self, partner, group="base.group_portal"):
        return self.env["res.users"].create(
            {"partner_id": partner.id, "login": partner.email, "group_ids": [(6, 0, self.env.ref(group).ids)]}
        )

    def test_files_are_in_it_with_the_photo(self):
        self.jane.image_1920 = PICTURE
        lead = self.make_lead(partner_id=self.jane.id)
        plan = self.attach(lead, "plan.txt", b"slate on the north side")
        sent = self.attach(self.karl, "letter.txt", b"for Jane")
        self.note(self.karl, "<p>See there</p>", partner_ids=self.jane.ids, attachment_ids=sent.ids)
        archive = self.export()
        self.assertEqual(archive.zip.read(f"files/{plan.id}-plan.txt"), b"slate on the north side")
        self.assertEqual(archive.zip.read(f"files/{sent.id}-letter.txt"), b"for Jane")
        [photo] = [name for name in archive.files() if "image_1920" in name]
        self.assertTrue(photo.endswith(".png"), "no copies in other sizes, and a name that opens")
        self.assertIn(f'src="{photo}"', archive.pages["index.html"])
        self.assertEqual(sorted(file["path"] for file in archive.data["files"]), archive.files())

    def test_of_a_model_that_nobody_described_it_tells_which_and_when(self):
        model = self.env["ir.model"].create({"name": "Visit", "model": "x_visit"})
        self.addCleanup(self.registry.reset_changes)
        link = {"name": "x_guest_id", "ttype": "many2one", "relation": "res.partner", "field_description": "Guest"}
        text = {"name": "x_gossip", "ttype": "char", "field_description": "Gossip"}
        common = {"model_id": model.id, "state": "manual"}
        self.env["ir.model.fields"].create([{**common, **field} for field in (link, text)])
        visit = self.env["x_visit"].create({"x_name": "With Karl", "x_guest_id": self.jane.id, "x_gossip": "Secretly"})
        archive = self.export()
        told = archive.records("x_visit")[visit.id]
        self.assertEqual(told["relation"], "involved")
        self.assertEqual(set(told["values"]), {"display_name", "create_date", "role"})
        self.assertEqual(told["values"]["role"]["text"], "Guest")
        self.assert_untold(archive, "Secretly")

    def test_the_pages_are_in_the_language_that_was_chosen(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["base"], ["fr_FR"])
        page = self.export(lang="fr_FR").pages["pages/res.partner.html"]
        self.assertIn('lang="fr', page)
        self.assertIn("Rue", page)


@tagged("post_install", "-at_install")
class TestOthers(AccessCase):
    """Nothing of anybody else is in it."""

    def test_another_customer_is_not_in_it(self):
        lead = self.make_lead(partner_id=self.karl.id, name="Roof of Karl")
        self.note(lead, "<p>Jane Quillfeather sent him</p>")
        self.note(self.karl, "<p>Cellar</p>")
        archive = self.export()
        self.assert_untold(archive, "Karl", "oddington", "Oddington", "29158347", "Wad 3", "Cellar")

    def test_who_is_named_in_notes_is_taken_out_of_them(self):
        lead = self.make_lead(partner_id=self.jane.id)
        self.note(
            lead,
            "<p>Jane Quillfeather came with <b>Karl</b> Oddington (karl@oddington.example, 06-29158347), asked"
            " Mara Worker, and left jane@quillfeather.example, 06-48739156. Her aunt: aunt@far.example, +44 20 7946"
            " 0123.</p>",
            partner_ids=self.karl.ids,
        )
        archive = self.export()
        bodies = [told["values"].get("body", "") for told in archive.records("mail.message").values()]
        [body] = [body for body in bodies if "came with" in body]
        self.assert_untold(archive, "Karl", "Oddington", "oddington", "29158347", "Mara", "Worker", "aunt@far", "7946")
        for word in ("Jane Quillfeather", "jane@quillfeather.example", "06-48739156", "an employee", "another person"):
            self.assertIn(word, body)

    def test_what_they_wrote_or_received_is_complete(self):
        lead = self.make_lead(partner_id=self.jane.id)
        text = "Karl Oddington and Mara Worker, karl@oddington.example, 06-29158347"
        self.note(lead, f"<p>My neighbour: {text}</p>", author=self.jane)
        self.note(lead, f"<p>Best regards, {text}</p>", partner_ids=(self.jane + self.karl).ids)
        told = [record["values"]["body"] for record in self.export().records("mail.message").values()
                if "body" in record["values"]]  # fmt: skip
        self.assertIn(f"<p>My neighbour: {text}</p>", told)
        self.assertIn(f"<p>Best regards, {text}</p>", told)

    def test_the_people_of_a_company_are_not_given_with_it(self):
        company = self._make_contact("Quillfeather & Co", is_company=True, email="post@quillfeather.example")
        (self.jane + self.karl).parent_id = company
        self.make_lead(partner_id=self.karl.id, name="Cellar")
        self.note(company, "<p>Karl Oddington decides, Jane Quillfeather pays</p>")
        archive = self.export(company)
        self.assert_untold(archive, "Oddington", "oddington", "Cellar", "jane@", "48739156")
        mine = self.export(self.jane)
        self.assert_untold(mine, "Oddington")
        self.assertEqual(mine.records("res.partner")[self.jane.id]["values"]["parent_id"]["text"], "Quillfeather & Co")

    def test_the_contact_of_a_project_who_is_somebody_else_is_not_named(self):
        lead = self.make_lead(partner_id=self.jane.id, description="<p>Ask Otto Outsider</p>")
        self.env.flush_all()
        # written with the ORM, the customer would get the address as well
        self.env.cr.execute(
            "UPDATE crm_lead SET contact_name = 'Otto Outsider', email_from = 'otto@outsider.example',"
            " phone = '+31 6 11223344', phone_sanitized = '+31611223344' WHERE id = %s",
            [lead.id],
        )
        lead.invalidate_recordset()
        archive = self.export()
        self.assert_untold(archive, "Outsider", "outsider", "11223344")

    def test_a_file_of_ours_that_names_others_is_left_out_and_told(self):
        lead = self.make_lead(partner_id=self.jane.id)
        self.note(lead, "<p>x</p>", partner_ids=self.karl.ids)
        self.attach(lead, "list.csv", b"Jane Quillfeather;1\nKarl Oddington;2", "text/csv")
        mine = self.attach(lead, "ours.txt", b"Jane Quillfeather, by Mara Worker")
        archive = self.export()
        self.assertEqual(archive.files(), [f"files/{mine.id}-ours.txt"])
        self.assertIn("Files of ours: 1", archive.text("index.html"))

    def test_of_a_colleague_only_what_is_about_them_is_in_it(self):
        lead = self.make_lead(partner_id=self.karl.id, name="Roof of Karl")
        self.note(lead, "<p>Karl Oddington is late</p>")
        self.note(self.karl, "<p>For Mara</p>", author=self.karl, partner_ids=self.mara.partner_id.ids)
        self.note(self.mara.partner_id, "<p>Has a dog</p>", author=self.manager.partner_id)
        archive = self.export(self.mara.partner_id)
        self.assert_told(archive, "Has a dog")
        self.assertFalse(archive.records("crm.lead"))
        self.assert_untold(archive, "Karl", "Oddington", "For Mara")


@tagged("post_install", "-at_install")
class TestHarmless(AccessCase):
    """Nothing in it is secret, and nothing in it does anything."""

    def test_markup_in_a_name_a_message_or_a_file_does_nothing(self):
        self.jane.name = f"Jane {MARKUP}"
        self.env.cr.execute("UPDATE res_partner SET comment = %s WHERE id = %s", [f"<p>hi{MARKUP}</p>", self.jane.id])
        self.jane.invalidate_recordset()
        bodies = (
            "<p onclick='alert(1)'>one</p><style>*{display:none}</style><iframe src='https://evil.example'></iframe>",
            "<a href='javascript:alert(1)'>two</a><img src='https://evil.example/pixel.gif'><form><input></form>",
            "<svg><script>alert(1)</script></svg><p>three<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        )
        for body in bodies:
            message = self.note(self.jane, "<p>x</p>", author=self.jane)
            query = "UPDATE mail_message SET body = %s, subject = %s WHERE id = %s"
            self.env.cr.execute(query, [body, MARKUP, message.id])
        self.env.invalidate_all()
        self.attach(self.jane, "../../<b>page.html", b"<script>alert(1)</script>", "text/html")
        self.attach(self.jane, "drawing.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
        archive = self.export()
        for name, page in archive.pages.items():
            self._check_harmless(name, page, archive.names)
        self.assertIn("Jane <script>alert(1)</script>", archive.text("index.html"), "and the name is told as it is")
        for name in archive.files():
            self.assertTrue(name.endswith(".txt") and name.count("/") == 1, name)

    def _check_harmless(self, name, page, names):
        tree = html.document_fromstring(page.encode())
        for node in tree.iter():
            self.assertNotIn(node.tag, {"script", "iframe", "form", "input", "svg", "object", "link", "base"}, name)
            for attribute, value in node.attrib.items():
                self.assertFalse(attribute.startswith("on"), name)
                if attribute in ("src", "href") and not value.startswith("https://"):
                    path = value.removeprefix("../") if name.startswith("pages/") and ".." in value else value
                    self.assertIn(path if "/" in path or path == "index.html" else f"pages/{path}", names)
                self.assertFalse(attribute == "src" and "//" in value, name)

    def test_no_password_key_or_token_is_in_it(self):
        user = self.env["res.users"].create(
            {
                "partner_id": self.jane.id,
                "login": "jane",
                "password": "correct horse battery",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "Bookkeeping", None)
        user.sudo().totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DP"
        self.env["res.device.log"].sudo().create(
            {"user_id": user.id, "session_identifier": "s" * 42, "ip_address": "192.0.2.7", "platform": "linux"}
        )
        token = self.jane._get_signup_url() and self.jane._generate_signup_token()
        links = "https://us.example/my/orders/7?access_token=0f9d8e7c-aaaa&amp;hash=abcdef12"
        text = f"<p>Look: <a href='{links}'>{links}</a> and /web/signup?token={token}</p>"
        self.note(self.jane, text, author=self.jane)
        event = self.env["calendar.event"].create(
            {
                "name": "Slate",
                "start": "2026-05-01 10:00:00",
                "stop": "2026-05-01 11:00:00",
                "partner_ids": self.jane.ids,
            }
        )
        archive = self.export()
        self.env.cr.execute("SELECT password, totp_secret FROM res_users WHERE id = %s", [user.id])
        secrets = list(self.env.cr.fetchone())
        self.env.cr.execute("SELECT key, index FROM res_users_apikeys WHERE user_id = %s", [user.id])
        secrets += self.env.cr.fetchone()
        secrets += [token, "s" * 42, "0f9d8e7c", "abcdef12", *event.attendee_ids.mapped("access_token")]
        for secret in secrets:
            self.assertTrue(secret)
            self.assertFalse(secret in archive.everything)
        self.assert_told(archive, "Bookkeeping")
        self.assert_told(archive, "192.0.2.7")
