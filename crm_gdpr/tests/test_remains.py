import contextlib
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import files
from .anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestRemains(AnonymiseCase):
    """Nothing leads to these places but the words in them."""

    def _anonymise_and_search(self, person):
        self._remove_files_of_undone_tests()
        return self._anonymise(person)

    def _remove_files_of_undone_tests(self):
        """What a test writes into the file store stays there when the test is undone."""
        self.env.flush_all()
        self.env.cr.execute("SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL")
        known = {name for (name,) in self.env.cr.fetchall()}
        store = Path(self.env["ir.attachment"]._filestore())
        for file in store.glob("[0-9a-f][0-9a-f]/*"):
            if file.relative_to(store).as_posix() not in known:
                file.unlink()

    def _places(self, request):
        return {(place, why) for line in request.line_ids for place, why, _number in line.residue or []}

    def test_a_person_who_stands_nowhere_else_leaves_nothing(self):
        request = self._anonymise_and_search(self._make_person())
        self.assertEqual(request.scan_state, "clean")
        self.assertFalse(request.line_ids.residue)
        log = self.env["crm.gdpr.log"].search([("event", "=", "scanned")], limit=1)
        self.assertEqual(log.details["request"], request.id)

    def test_words_of_others_lose_the_person_wherever_they_are(self):
        person = self._make_person()
        garden = self.env["crm.lead"].create({"name": "Garden", "description": f"<p>As for {NAME}, only smaller</p>"})
        note = self._post(self.colleague, f"Ask {EMAIL} how it went")
        favourite = self.env["ir.filters"].create(
            {"name": f"Deals of {NAME}", "model_id": "crm.lead", "domain": f"[('partner_name', 'ilike', '{NAME}')]"}
        )
        tag = self.env["crm.tag"].create({"name": f"{NAME}'s friends"})
        request = self._anonymise_and_search(person)
        self.assertEqual(garden.description, "<p>As for …, only smaller</p>")
        self.assertNotIn(EMAIL, note.body)
        self.assertEqual(favourite.name, "Deals of …")
        self.assertEqual(favourite._get_eval_domain(), [("partner_name", "ilike", "…")])
        self.assertNotIn("Dalen", tag.name)
        self.assertEqual(self._places(request), set())
        self.assertEqual(request.scan_state, "clean")

    def test_logs_and_what_browsers_were_told_go(self):
        person = self._make_person()
        self.env.cr.execute(
            """INSERT INTO ir_logging (create_date, name, level, dbname, type, func, path, line, message)
               VALUES (now(), 'mail', 'INFO', current_database(), 'server', 'f', 'p', '1', %s) RETURNING id""",
            [f"sent to {EMAIL}"],
        )
        [(line,)] = self.env.cr.fetchall()
        self.env.cr.execute(
            "INSERT INTO bus_bus (channel, message) VALUES ('x', %s) RETURNING id", [f'{{"from": "{NAME}"}}']
        )
        [(told,)] = self.env.cr.fetchall()
        self._anonymise_and_search(person)
        self.assertFalse(self.env["ir.logging"].browse(line).exists())
        self.env.cr.execute("SELECT count(*) FROM bus_bus WHERE id = %s", [told])
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_a_namesake_is_left_alone_and_told_of(self):
        person = self._make_person()
        namesake = self._make_contact(NAME, email="other@dalen.example")
        note = self._post(namesake, f"{NAME} has a garden")
        both = self._post(namesake, f"{NAME} of {EMAIL} has a roof")
        request = self._anonymise_and_search(person)
        self.assertEqual((namesake.name, namesake.email), (NAME, "other@dalen.example"))
        self.assertIn(NAME, note.body)
        self.assertNotIn(EMAIL, both.body)
        self.assertEqual(request.scan_state, "kept")
        self.assertIn(("res_partner.name", "other_person"), self._places(request))
        self.assertIn("another person", request.report)

    def test_words_of_every_day_stay_where_nothing_says_that_they_are_the_person(self):
        menu = self.env["ir.ui.menu"].create({"name": "Sales"})
        team = self.env["crm.team"].create({"name": "Customer Service"})
        lead = self.env["crm.lead"].create({"name": "Garden", "description": "<p>Ask Customer Service</p>"})
        note = self._post(self.colleague, "Customer Service is at desk@service.example")
        service = self._make_contact("Customer Service", email="desk@service.example")
        request = self._anonymise_and_search(self._make_contact("Sales") | service)
        self.assertEqual((menu.name, team.name), ("Sales", "Customer Service"))
        self.assertEqual(lead.description, "<p>Ask Customer Service</p>")
        self.assertEqual(note.body, "<p>… is at …</p>")
        self.assertIn(("crm_team.name", "ordinary"), self._places(request))
        self.assertEqual(request.scan_state, "found")

    def test_a_street_or_reference_stays_with_others_and_a_tax_number_goes(self):
        person = self._make_person(ref="P-1001")
        near = self.env["crm.lead"].create({"name": "Near", "description": "<p>Kerkstraat 12, Utrecht; P-1001</p>"})
        taxed = self.env["crm.lead"].create({"name": "Taxed", "description": "<p>NL 1234.56.782.B90</p>"})
        hers = self.env["crm.lead"].create({"name": "Hers", "description": f"<p>{NAME}, Kerkstraat 12</p>"})
        request = self._anonymise_and_search(person)
        self.assertEqual(near.description, "<p>Kerkstraat 12, Utrecht; P-1001</p>")
        self.assertNotIn("782", taxed.description)
        self.assertEqual(hers.description, "<p>…, …</p>")
        self.assertEqual(self._places(request), {("crm_lead.description", "ordinary")})

    def test_a_tax_number_that_another_contact_has_is_theirs(self):
        person, twin = self._make_person(), self._make_contact("Vandal BV", vat="NL123456782B90")
        self._anonymise_and_search(person)
        self.assertEqual(twin.vat, "NL123456782B90")

    def test_where_somebody_works_is_nobodys_name(self):
        person = self._make_person(company_name="Siemens Benelux")
        other = self._make_contact("Bert Klein", company_name="Siemens Benelux")
        note = self._post(self.colleague, "Siemens Benelux called")
        request = self._anonymise_and_search(person)
        self.assertFalse(person.company_name)
        self.assertEqual(other.company_name, "Siemens Benelux")
        self.assertIn("Siemens", note.body)
        self.assertEqual(request.scan_state, "clean")

    def test_the_name_of_a_company_stays_in_what_others_wrote_and_is_told_of(self):
        company = self._make_contact("Quillfeather Brushes", is_company=True, email="info@quillfeather.example")
        note = self._post(self.colleague, "Ask Quillfeather Brushes")
        letter = self._post(self.colleague, "Ask Quillfeather Brushes at info@quillfeather.example")
        request = self._anonymise_and_search(company)
        self.assertIn("Quillfeather", note.body)
        self.assertNotIn("Quillfeather", letter.body)
        self.assertIn(("mail_message.body", "ordinary"), self._places(request))

    def test_a_page_and_a_file_of_others_are_told_of_and_not_touched(self):
        # by another name: the file store keeps the file when the test is undone
        name, email = "Ottilie Aktenberg", "ottilie@akten.example"
        person = self._make_contact(name, email=email)
        page = self.env["ir.ui.view"].create({"name": "Team", "type": "qweb", "arch": f"<t><p>{email}</p></t>"})
        self._attach(self.colleague, "all.csv", f"name,email\n{name},{email}\n".encode())
        request = self._anonymise_and_search(person)
        self.assertEqual(request.scan_state, "found")
        self.assertIn(("ir_ui_view.arch_db", "settings"), self._places(request))
        self.assertIn("file", {why for _place, why in self._places(request)})
        self.assertIn(email, page.arch)
        self.assertNotIn(email, str(request.line_ids.residue))

    def test_settings_lose_the_person_and_go_on_working(self):
        person = self._make_person()
        self.env["ir.config_parameter"].set_param("test.vip", f"{NAME} <{EMAIL}>")
        leads = self.env["ir.model"]._get_id("crm.lead")
        code = f"# for {NAME}\naction = {{'mail': '{EMAIL}'}}"
        action = self.env["ir.actions.server"].create(
            {"name": f"Greet {NAME}", "model_id": leads, "state": "code", "code": code}
        )
        window = self.env["ir.actions.act_window"].create(
            {"name": NAME, "res_model": "crm.lead", "domain": f"[('email_from', '=', '{EMAIL}')]"}
        )
        request = self._anonymise_and_search(person)
        self.assertNotIn("Dalen", self.env["ir.config_parameter"].get_param("test.vip"))
        self.assertEqual(action.run(), {"mail": "…"})
        self.assertEqual((action.name, window.domain), ("Greet …", "[('email_from', '=', '…')]"))
        self.assertEqual(request.scan_state, "clean")

    def test_code_that_would_break_stays_and_is_told_of(self):
        person = self._make_person()
        leads = self.env["ir.model"]._get_id("crm.lead")
        code = NAME.replace(" ", "_") + " = 1"
        action = self.env["ir.actions.server"].create({"name": "Odd", "model_id": leads, "state": "code", "code": code})
        request = self._anonymise_and_search(person)
        self.assertEqual(action.code, code)
        self.assertEqual(request.scan_state, "found")

    def test_a_file_that_was_left_behind_goes(self):
        person = self._make_person()
        lead = self.env["crm.lead"].create({"name": "Gone"})
        content = f"Dear {NAME}".encode()
        without = self.env["ir.attachment"].create({"name": "cv.txt", "raw": content})
        of_nothing = self._attach(lead, "old.txt", content + b"!")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
        lead.invalidate_recordset(flush=False)
        request = self._anonymise_and_search(person)
        self.assertFalse((without | of_nothing).exists())
        self.assertEqual(request.scan_state, "clean")

    def test_a_copy_of_the_photo_goes_unless_others_have_the_same_picture(self):
        from .test_anonymise import PIXEL

        person = self._make_person(image_1920=PIXEL)
        copy = self._attach(self.colleague, "team.png", person.with_context(bin_size=False).image_1920, "datas")
        request = self._anonymise_and_search(person)
        self.assertFalse(copy.exists())
        self.assertEqual(request.scan_state, "clean")

    def test_a_logo_that_somebody_has_as_a_photo_stays(self):
        from .test_anonymise import PIXEL

        person, shop = self._make_person(image_1920=PIXEL), self._make_contact("Shop", image_1920=PIXEL)
        copy = self._attach(self.colleague, "team.png", person.with_context(bin_size=False).image_1920, "datas")
        request = self._anonymise_and_search(person)
        self.assertTrue(copy.exists() and shop.image_1920)
        self.assertIn("file", {why for _place, why in self._places(request)})

    def _attach(self, record, name, content, field="raw"):
        return self.env["ir.attachment"].create(
            {"name": name, field: content, "res_model": record._name, "res_id": record.id}
        )

    def test_a_guest_with_the_address_is_the_person_and_no_namesake(self):
        person = self._make_person()
        guest = self.env["mail.guest"].create({"name": NAME, "email": EMAIL})
        garden = self.env["crm.lead"].create({"name": "Garden", "description": f"<p>As for {NAME}</p>"})
        request = self._anonymise_and_search(person)
        self.assertNotIn("Dalen", guest.name)
        self.assertNotIn("Dalen", garden.description)
        self.assertEqual(request.scan_state, "clean")

    def test_a_process_that_is_killed_during_the_search_leaves_that_on_record(self):
        person = self._make_person()
        request = self._request(person)
        request.action_preview()
        request.action_carry_out()
        job = request.sudo()
        identities = job.line_ids._carry_out()

        class Killed(BaseException):
            pass

        def kill(*_args):
            raise Killed

        self.patch(type(request), "_scan", kill)
        with contextlib.suppress(Killed):
            job._search_remains(identities)
        job._finish({})  # what the next process does
        self.assertEqual((request.state, request.scan_state), ("done", "broken"))
        self.assertIn("not finished", request.report)

    def test_a_file_that_could_not_be_read_is_told_with_its_place(self):
        person, other = self._make_person(), self._make_contact("Archive")
        secret = self._attach(other, "secret.pdf", files.pdf("x", password="secret"))
        request = self._anonymise_and_search(person)
        self.assertIn(f"Attachment {secret.id} of Contact {other.id}", request.report)

    def test_an_officer_searches_everywhere_by_hand_and_what_was_typed_in_is_not_kept(self):
        self._make_person()
        search = (
            self.env["crm.gdpr.search"].with_user(self.officer).create({"email": EMAIL.upper(), "person_name": " "})
        )
        found = self.env["crm.gdpr.search"].browse(search.action_search()["res_id"])
        self.assertIn(["res_partner", "email"], [place[:2] for place in found.places])
        self.assertNotIn("crm_gdpr_search", [place[0] for place in found.places])
        self.assertNotIn(EMAIL, found.result)
        self.assertFalse(search.exists())

    def test_what_an_officer_searches_for_is_seen_by_no_other(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        search = self.env["crm.gdpr.search"].with_user(self.officer).create({"email": EMAIL})
        with self.assertRaises(AccessError):
            search.with_user(second).read(["email"])

    def test_only_officers_search_everywhere_and_for_something(self):
        for user in self.others:
            with self.assertRaises(AccessError):
                self.env["crm.gdpr.search"].with_user(user).create({"email": EMAIL})
        with self.assertRaises(UserError):
            self.env["crm.gdpr.search"].with_user(self.officer).create({"phone": " "}).action_search()


@tagged("post_install", "-at_install")
class TestSearchSparesOthers(AnonymiseCase):
    """What the search finds in others' records it leaves to them, and tells."""

    def _places(self, request):
        return {(place, why) for line in request.line_ids for place, why, _number in line.residue or []}

    def test_a_namesake_at_the_same_address_keeps_name_and_street(self):
        father = self._make_contact("Sjoerd Hoekstra", street="Dorpsstraat 14", email="father@hoekstra.example")
        son = self._make_contact("Sjoerd Hoekstra", street="Dorpsstraat 14", email="son@hoekstra.example")
        note = self._post(son, "Sjoerd Hoekstra, Dorpsstraat 14")
        request = self._anonymise(father)
        self.assertEqual((son.name, son.street, son.complete_name), ("Sjoerd Hoekstra", "Dorpsstraat 14", son.name))
        self.assertIn("Dorpsstraat 14", note.body)
        self.assertIn(("res_partner.name", "other_person"), self._places(request))

    def test_a_namesake_of_the_same_campaign_keeps_both(self):
        self._set_custom_field("x_campaign", "char")
        one, other = (
            self._make_contact("Douwe Kingma", email=f"{box}@kingma.example", x_campaign="SPRING2024")
            for box in ("one", "other")
        )
        self._anonymise(one)
        self.assertEqual((other.name, other.x_campaign), ("Douwe Kingma", "SPRING2024"))

    def test_who_mentions_the_person_keeps_address_and_number(self):
        maria = self._make_contact("Maria Vandermolen", email="maria@molen.example", street="Dorpsstraat 12")
        jan = self._make_contact(
            "Jan Hoogland", street="Dorpsstraat 12", comment="<p>Wife: Maria Vandermolen, maria@molen.example</p>"
        )
        self._anonymise(maria)
        self.assertEqual(jan.street, "Dorpsstraat 12")
        self.assertEqual(jan.comment, "<p>Wife: …, …</p>")

    def test_settings_of_mail_stay_and_are_told_of(self):
        person = self._make_person()
        server = self.env["fetchmail.server"].create({"name": "In", "user": EMAIL})
        leads = self.env["ir.model"]._get_id("crm.lead")
        template = self.env["mail.template"].create({"name": "Offer", "model_id": leads, "email_from": EMAIL})
        request = self._anonymise(person)
        self.assertEqual((server.user, template.email_from), (EMAIL, EMAIL))
        self.assertLessEqual(
            {("fetchmail_server.user", "settings"), ("mail_template.email_from", "settings")}, self._places(request)
        )

    def test_a_file_of_no_record_stays_where_everybody_or_a_page_shows_it(self):
        person = self._make_contact("Ottilie Aktenberg", email="ottilie@akten.example")
        make = self.env["ir.attachment"].create
        references, linked, drawn = (
            make({"name": f"{name}.txt", "raw": f"{name}: ottilie@akten.example".encode(), **values})
            for name, values in (("a", {"public": True}), ("b", {}), ("c", {"res_model": "ir.ui.view", "res_id": 0}))
        )
        self.env["crm.lead"].create({"name": "X", "description": f'<a href="/web/content/{linked.id}?d=1">X</a>'})
        self._anonymise(person)
        self.assertTrue(references.exists() and linked.exists() and drawn.exists())

    def test_a_file_of_no_record_stays_where_the_name_may_be_anybodys(self):
        service = self._make_contact("Customer Service", email="desk@service.example")
        file = self.env["ir.attachment"].create({"name": "list.txt", "raw": b"Ask Customer Service"})
        self._anonymise(service)
        self.assertTrue(file.exists())

    def test_what_the_search_did_is_counted_and_logged(self):
        person = self._make_person()
        self.env["crm.tag"].create({"name": f"{NAME}'s friends"})
        request = self._anonymise(person)
        self.assertIn(["crm.tag", "changed", "", 1], request.line_ids.counts)
        log = self.env["crm.gdpr.log"].search([("event", "=", "scanned")], limit=1)
        self.assertEqual(log.counts["crm.tag.changed"], 1)
        self.assertIn("crm.tag", log.handlers)
