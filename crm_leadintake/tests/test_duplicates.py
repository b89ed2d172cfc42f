from .common import IntakeCase

JANE = {"email": "jane@example.com", "phone": "+31 6 12345678", "company": "Konex", "contact_name": "Jane Doe"}
# What is sent of the same person, by the rule that finds it; all else differs.
SAME = {
    "email": {"email": "JANE@example.com", "phone": "+31 6 99999999", "company": "Other", "contact_name": "J."},
    "phone": {"email": "j@other.example", "phone": "0031612345678", "company": "Other", "contact_name": "J."},
    "company": {"email": "j@other.example", "phone": "+31 6 99999999", "company": " KONEX", "contact_name": "J."},
    "name": {"email": "j@other.example", "phone": "+31 6 99999999", "company": "konex", "contact_name": "jane  doe"},
}
ACTIONS = {"link": "linked", "update": "updated", "note": "noted", "reject": "rejected"}


class DuplicatesCase(IntakeCase):
    def _by(self, *rules, action="link"):
        """Have the source find duplicates by these rules alone."""
        self.source.write(
            {
                "duplicate_action": action,
                **{f"duplicate_by_{rule}": rule in rules for rule in ("email", "phone", "company", "name")},
            }
        )

    def _make_lead(self, **values):
        named = {"email_from": "email", "phone": "phone", "partner_name": "company", "contact_name": "contact_name"}
        defaults = {"name": "There already", "type": "lead", **{field: JANE[name] for field, name in named.items()}}
        return self.env["crm.lead"].create({**defaults, **values})

    def _statuses(self, *records):
        return [answer["status"] for answer in self._submit(list(records))]


class TestRules(DuplicatesCase):
    def test_each_rule_finds_the_lead_that_is_there_and_no_other_rule_does(self):
        lead = self._make_lead()
        for rule, record in SAME.items():
            others = [other for other in SAME if other != rule and not (rule == "name" and other == "company")]
            with self.subTest(rule=rule):
                self._by(*others)
                self.assertEqual(self._statuses({**record, "external_id": f"no {rule}"}), ["created"])
                self._leads().unlink()
                self._by(rule)
                self.assertEqual(self._statuses({**record, "external_id": rule}), ["linked"])
                self.assertEqual(self._rows()[-1].lead_id, lead)

    def test_without_rules_everything_is_a_lead(self):
        self._by()
        self.assertEqual(self._statuses(JANE, {**JANE, "external_id": "again"}), ["created", "created"])

    def test_a_name_at_another_company_is_another_person(self):
        self._make_lead()
        self._by("name")
        self.assertEqual(self._statuses({"contact_name": "Jane Doe", "company": "Acme"}), ["created"])
        self.assertEqual(self._statuses({"contact_name": "Jane Doe"}), ["created"])

    def test_a_national_number_is_that_of_the_country_that_is_sent(self):
        lead = self._make_lead()
        self._by("phone")
        self.assertEqual(self._statuses({"phone": "06 12345678", "country": "NL"}), ["linked"])
        self.assertEqual(self._statuses({"phone": "06 12345678", "country": "FR"}), ["created"])
        self.assertEqual(self._rows()[0].lead_id, lead)


class TestActions(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.lead = self._make_lead(description="Typed by hand", city="Utrecht")

    def _send(self, action):
        self._by("email", action=action)
        (answer,) = self._submit(
            [{**SAME["email"], "external_id": "A1", "city": "Breda", "subject": "Again", "description": "Call <me>"}]
        )
        self.assertEqual(answer["status"], ACTIONS[action])
        self.assertFalse(self._leads())
        return self._rows()

    def test_linked_it_changes_nothing_and_is_found_from_the_lead(self):
        columns = [name for name, field in self.lead._fields.items() if field.store and field.column_type]
        before, messages = self.lead.read(columns), self.lead.message_ids
        row = self._send("link")
        self.assertEqual((row.state, row.lead_id), ("duplicate", self.lead))
        self.assertEqual((self.lead.read(columns), self.lead.message_ids), (before, messages))
        self.assertIn(row, self.lead.intake_inbox_ids)

    def test_updated_the_lead_has_what_was_sent_and_keeps_what_it_is_about_and_what_was_typed(self):
        row = self._send("update")
        self.assertEqual((row.state, row.lead_id), ("duplicate", self.lead))
        self.assertEqual((self.lead.name, self.lead.city, self.lead.contact_name), ("There already", "Breda", "J."))
        self.assertIn("Typed by hand", self.lead.description)
        self.assertTrue(any("Call &lt;me&gt;" in message.body for message in self.lead.message_ids))

    def test_noted_the_lead_is_the_same_and_its_history_says_what_came(self):
        row = self._send("note")
        self.assertEqual((row.state, row.lead_id), ("duplicate", self.lead))
        self.assertEqual((self.lead.city, self.lead.contact_name), ("Utrecht", "Jane Doe"))
        body = self.lead.message_ids[0].body
        for text in ("Partner", "Breda", "Again", "Call &lt;me&gt;"):
            self.assertIn(text, body)

    def test_refused_its_sender_learns_why(self):
        row = self._send("reject")
        self.assertEqual((row.state, [problem["rule"] for problem in row.problems]), ("rejected", ["duplicate"]))
        self.assertEqual([problem["rule"] for problem in row.answer["problems"]], ["duplicate"])


class TestWhatIsThere(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self._by("email", "phone")

    def _lead_of(self, record=JANE):
        self._submit([record])
        return self._rows()[-1].lead_id

    def test_a_project_goes_before_a_lead_and_a_newer_before_an_older_one(self):
        project = self._make_lead(type="opportunity")
        self._make_lead()
        self.assertEqual(self._lead_of(), project)
        newer = self._make_lead(type="opportunity")
        self.assertEqual(self._lead_of({**JANE, "external_id": "A2"}), newer)

    def test_the_address_goes_before_the_number(self):
        self._make_lead(email_from="else@example.com", type="opportunity")
        by_address = self._make_lead(phone=False)
        self.assertEqual(self._lead_of(), by_address)

    def test_who_has_closed_or_archived_leads_alone_gets_a_new_one(self):
        won, lost, archived = self._make_lead(type="opportunity"), self._make_lead(), self._make_lead()
        won.action_set_won()
        lost.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].create({"name": "Too slow"}).id)
        archived.active = False
        self.assertEqual(self._statuses(JANE), ["created"])
        self.assertNotIn(self._rows().lead_id, won | lost | archived)

    def test_leads_and_customers_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._make_lead(company_id=other.id)
        self.env["res.partner"].create({"name": "Jane", "email": JANE["email"], "company_id": other.id})
        self.assertEqual(self._statuses(JANE), ["created"])
        self.assertFalse(self._leads().partner_id)

    def test_a_lead_without_a_company_is_found(self):
        lead = self._make_lead(company_id=False)
        self.assertEqual(self._lead_of(), lead)

    def test_a_customer_without_an_open_lead_gets_one_that_is_theirs(self):
        partner = self.env["res.partner"].create({"name": "Jane", "email": "Jane@Example.com"})
        self.assertEqual(self._statuses(JANE), ["created"])
        self.assertEqual((self._leads().partner_id, self._rows().partner_id), (partner, partner))

    def test_an_archived_customer_is_not_found(self):
        self.env["res.partner"].create({"name": "Jane", "email": JANE["email"], "active": False})
        self._submit([JANE])
        self.assertFalse(self._leads().partner_id)

    def test_a_person_goes_before_a_company(self):
        person = self.env["res.partner"].create({"name": "Jane", "email": JANE["email"]})
        self.env["res.partner"].create({"name": "Konex", "email": JANE["email"], "is_company": True})
        self._submit([JANE])
        self.assertEqual(self._leads().partner_id, person)

    def test_a_company_is_found_by_its_name_and_a_person_by_theirs_and_the_companys(self):
        company = self.env["res.partner"].create({"name": "Konex", "is_company": True})
        person = self.env["res.partner"].create({"name": "Jane Doe", "parent_id": company.id})
        self.env["res.partner"].create({"name": "Konex"})
        self.env["res.partner"].create({"name": "Jane Doe"})
        for rule, expected in {"company": company, "name": person}.items():
            with self.subTest(rule=rule):
                self._by(rule)
                self._submit([{**JANE, "external_id": rule}])
                self.assertEqual(self._leads()[-1].partner_id, expected)
                self._leads().unlink()


class TestStrangers(DuplicatesCase):
    """What is sent changes leads, never the address book."""

    OTHER = {"email": "thief@example.com", "phone": "+31 6 12345678", "contact_name": "Thief", "company": "Thieves"}

    def _partner(self):
        return self.env["res.partner"].create({"name": "Jane", "email": JANE["email"], "phone": "+31612345678"})

    def _check(self, partner):
        self.env.flush_all()
        partner.invalidate_recordset()
        values = (partner.name, partner.email, partner.phone)
        self.assertEqual(values, ("Jane", JANE["email"], "+31612345678"))

    def test_a_new_lead_of_a_customer_leaves_their_address_and_number(self):
        partner = self._partner()
        self._by("phone")
        self._submit([{**self.OTHER, "external_id": "A1"}])
        self.assertEqual(self._leads().partner_id, partner)
        self.assertEqual(self._leads().email_from, "thief@example.com")
        self._check(partner)

    def test_a_duplicate_that_updates_a_lead_of_a_customer_leaves_their_address_and_number(self):
        partner = self._partner()
        lead = self._make_lead(partner_id=partner.id)
        self._by("phone", action="update")
        self._submit([{**self.OTHER, "external_id": "A1"}])
        self.assertEqual((lead.email_from, lead.partner_id), ("thief@example.com", partner))
        self._check(partner)

    def test_a_correction_by_the_sender_leaves_the_customers_address_and_number(self):
        partner = self._partner()
        self._by("email")
        self._submit([{**JANE, "external_id": "A1"}])
        self.assertEqual(self._leads().partner_id, partner)
        self._submit([{**self.OTHER, "phone": "+31 6 99999999", "external_id": "A1"}])
        self.assertEqual((self._leads().email_from, self._leads().phone), ("thief@example.com", "+31 6 99999999"))
        self._check(partner)

    def test_they_stay_when_somebody_works_on_the_lead_afterwards(self):
        partner = self._partner()
        self._by("phone")
        self._submit([{**self.OTHER, "external_id": "A1"}])
        self._leads().write({"city": "Utrecht", "priority": "2"})
        self._check(partner)


class TestWithinABatch(DuplicatesCase):
    def test_the_same_person_in_one_request_is_one_lead(self):
        for action, status in ACTIONS.items():
            with self.subTest(action=action):
                self._by("email", action=action)
                email = f"{action}@example.com"
                records = [
                    {"email": email, "external_id": f"{action}{number}", "city": str(number)} for number in range(3)
                ]
                self.assertEqual(self._statuses(*records), ["created", status, status])
                lead = self.env["crm.lead"].search([("email_from", "=", email)])
                self.assertEqual(len(lead), 1)
                if action == "update":
                    self.assertEqual(lead.city, "2")

    def test_who_is_the_same_through_others_is_the_same(self):
        self._by("email", "phone")
        records = [
            {"external_id": "1", "email": "a@example.com"},
            {"external_id": "2", "phone": "+31612345678"},
            {"external_id": "3", "email": "a@example.com", "phone": "+31612345678"},
        ]
        self.assertEqual(self._statuses(*records), ["created", "linked", "linked"])
        self.assertEqual(len(self._rows().lead_id), 1)

    def test_who_shares_nothing_is_another_person(self):
        self._by("email", "phone", "name", "company")
        records = [{"external_id": str(number), "email": f"{number}@example.com"} for number in range(5)]
        self.assertEqual(self._statuses(*records), ["created"] * 5)

    def test_a_duplicate_of_one_that_breaks_a_rule_is_a_lead(self):
        self._by("email")
        records = [
            {"external_id": "1", "email": "a@example.com", "value": "a lot"},
            {"external_id": "2", "email": "a@example.com"},
        ]
        self.assertEqual(self._statuses(*records), ["error", "created"])

    def test_a_duplicate_of_one_whose_lead_is_gone_is_a_lead(self):
        self._by("email")
        self._submit([{"external_id": "1", "email": "a@example.com"}])
        self._leads().unlink()
        records = [{"external_id": "1", "email": "b@example.com"}, {"external_id": "2", "email": "b@example.com"}]
        answers = self._submit(records)
        self.assertEqual([answer["status"] for answer in answers], ["rejected", "created"])
        self.assertEqual(answers[0]["problems"][0]["rule"], "gone")
        self.assertEqual(self._rows()[1].lead_id, self._leads())


class TestAgain(DuplicatesCase):
    def test_a_linked_one_stays_with_its_lead_when_it_is_corrected(self):
        self._by("email")
        lead = self._make_lead()
        self._submit([{**SAME["email"], "external_id": "A1"}])
        self.assertEqual(self._statuses({**SAME["email"], "external_id": "A1", "email": "new@example.com"}), ["linked"])
        self.assertEqual(self._rows().lead_id, lead)
        self.assertFalse(self._leads())

    def test_a_lead_that_is_corrected_is_not_a_duplicate_of_itself(self):
        self._by("email", action="reject")
        self._submit([{**JANE, "external_id": "A1"}])
        lead = self._leads()
        self.assertEqual(self._statuses({**JANE, "external_id": "A1", "city": "Breda"}), ["updated"])
        self.assertEqual((self._leads(), lead.city, self._rows().state), (lead, "Breda", "done"))

    def test_two_sources_of_a_company_share_its_leads(self):
        self._by("email")
        other = self._make_source(name="Other", duplicate_action="link")
        self._submit([{**JANE, "external_id": "A1"}])
        (answer,) = self._submit([{**JANE, "external_id": "A1"}], other)
        self.assertEqual(answer["status"], "linked")
        self.assertEqual(self._rows(other).lead_id, self._leads())
