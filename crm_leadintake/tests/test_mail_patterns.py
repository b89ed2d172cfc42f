import time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, Form, TransactionCase, tagged

from odoo.addons.crm_leadintake.hooks import uninstall_hook
from odoo.addons.crm_leadintake.tools import mail_patterns

SLOW_INPUTS = [char * 400 for char in "a @:"]
SLOW_INPUTS += ["a" * 200 + " " * 199 + "!", "ab " * 133, "1" * 399 + "x", "a@" * 200]
USUAL_EXPRESSIONS = [r"(\S+@\S+\.\w+)", r"Name\s*:\s*(.+)", r"(\w+) \w?x"]
WORST_EXPRESSIONS = [r"(.*.*)x", r"^(.*).*!$", r"a.*a.*(x)", r"@.*@.*(y)"]


def extract(text, *patterns):
    compiling = {"label": mail_patterns.compile_labels, "regex": mail_patterns.compile_expression}
    return mail_patterns.extract(text, [(name, kind, compiling[kind](given)) for name, kind, given in patterns])


@tagged("post_install", "-at_install")
class TestMailText(BaseCase):
    def test_text_is_read_as_it_is_seen(self):
        cases = [
            ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
            ("<div>Name:\n  Jane   Doe</div>", "Name: Jane Doe"),
            ("<table><tr><td>Name</td><td>Jane</td></tr><tr><td>City</td></tr></table>", "Name\tJane\nCity"),
            ("<dl><dt>Name</dt><dd>Jane</dd><dt>City</dt><dd>Ghent</dd></dl>", "Name\tJane\nCity\tGhent"),
            ("<pre>One\n  Two</pre>", "One\nTwo"),
            ("<style>p{}</style><script>alert(1)</script><p>Seen</p>", "Seen"),
            ("<p>A&nbsp;&lt;b&gt;&amp;c</p>", "A <b>&c"),
            ("<?xml version='1.0' encoding='utf-8'?><html><body><p>X</p></body></html>", "X"),
            ("no markup at all", "no markup at all"),
            ("<p>Broken <b>markup", "Broken markup"),
            ("<!-- only a comment -->", ""),
            ("\x00<p>NUL\x00 and \ud800</p>", "NUL and"),
            ("", ""),
            (None, ""),
        ]
        for body, text in cases:
            with self.subTest(body):
                lines = [line.strip(" \t") for line in mail_patterns.text_of(body).split("\n")]
                self.assertEqual([line for line in lines if line], [line for line in text.split("\n") if line])

    def test_markup_however_deep_is_read(self):
        self.assertIsInstance(mail_patterns.text_of("<div>" * 20_000 + "deep" + "</div>" * 20_000), str)
        self.assertEqual(mail_patterns.text_of("<i>" * 100 + "deep" + "</i>" * 100), "deep")


@tagged("post_install", "-at_install")
class TestMailPatterns(BaseCase):
    def test_the_text_after_a_label_is_read_in_any_of_its_languages(self):
        names = ("contact_name", "label", "Name; Naam ;Nom:; Full  name")
        texts = ["Name: Jane", "NAAM : Jane", "x\n  nom: Jane  \ny", "- Full name: Jane", "Name\tJane"]
        for text in [*texts, "> Name:\tJane", "*Name:* Jane"]:
            with self.subTest(text):
                self.assertEqual(extract(text, names), {"contact_name": "Jane"})

    def test_a_label_in_the_midst_of_a_line_or_word_is_none(self):
        for text in ("Your Name: Jane", "Surname: Jane", "Names: Jane", "Name Jane", "Name:"):
            with self.subTest(text):
                self.assertEqual(extract(text, ("contact_name", "label", "Name")), {})

    def test_labels_are_no_patterns(self):
        self.assertEqual(extract("Name (x.*): Jane", ("contact_name", "label", "Name (x.*)")), {"contact_name": "Jane"})

    def test_the_first_pattern_that_finds_something_counts(self):
        patterns = [("phone", "label", "Mobile"), ("phone", "label", "Phone"), ("phone", "regex", r"(\d{5,})")]
        self.assertEqual(extract("Phone: 12345\nMobile: 999", *patterns), {"phone": "999"})
        self.assertEqual(extract("Phone: 12345", *patterns), {"phone": "12345"})
        self.assertEqual(extract("call 77777 now", *patterns), {"phone": "77777"})

    def test_usual_expressions_are_taken(self):
        cases = [
            (r"(\S+@\S+\.\w+)", "Write to jane@example.com now", "jane@example.com"),
            (r"Name\s*:\s*(.+)", "Full Name : Jane Doe", "Jane Doe"),
            (r"^Telephone[: ]+([+\d ()-]+)", "Telephone: +32 9 123", "+32 9 123"),
            (r"(\d{4} ?[A-Z]{2})", "at 1234 AB Utrecht", "1234 AB"),
            (r"(?:tel|phone)\. ([\d-]{6,20})", "phone. 020-123456", "020-123456"),
            (r"budget of (?:EUR|€) ([\d.]+)$", "a budget of € 1200.50", "1200.50"),
            (r"ref[.:]? #(\w+)", "Ref: #A12", "A12"),
        ]
        for expression, text, value in cases:
            with self.subTest(expression):
                self.assertEqual(extract(text, ("phone", "regex", expression)), {"phone": value})

    def test_an_expression_that_cannot_be_bounded_is_refused(self):
        cases = [
            ("(a+)+$", "nested"),
            ("(?:a|aa)+(b)", "nested"),
            (r"(\w+\s?)*x", "nested"),
            ("(.*)(?=x)", "syntax"),
            (r"(a)\1", "syntax"),
            ("(?i)(a)", "syntax"),
            ("a.*a.*a.*(a)", "slow"),
            ("(.*.*.*)x", "slow"),
            (r"\s*(.+)\s*.*x", "slow"),
            ("(" + "a?" * 30 + "a" * 30 + ")", "slow"),
            ("(a)" + "|x" * 40, "slow"),
            ("(a{1,30}a{1,30}a{1,30}b)", "slow"),
            ("no group", "group"),
            ("(two)(groups)", "group"),
            ("(open", "wrong"),
            ("(a" + "b" * 300 + ")", "length"),
            ("", "empty"),
        ]
        for expression, reason in cases:
            with self.subTest(expression), self.assertRaises(mail_patterns.UnsafeExpression) as caught:
                mail_patterns.compile_expression(expression)
            self.assertEqual(caught.exception.reason, reason, expression)

    def test_what_is_taken_is_quick_on_the_worst_of_lines(self):
        for expression in USUAL_EXPRESSIONS + WORST_EXPRESSIONS:
            compiled = mail_patterns.compile_expression(expression)
            for line in SLOW_INPUTS:
                with self.subTest(expression=expression, line=line[:10]):
                    start = time.perf_counter()
                    compiled.search(line)
                    self.assertLess(time.perf_counter() - start, 1.0)

    def test_a_mail_full_of_worst_lines_is_given_up_after_a_second(self):
        text = "\n".join(["a" * 399 + "!"] * 200)
        patterns = [(name, "regex", "a.*a.*(b)") for name in ("city", "zip", "street", "phone")]
        start = time.perf_counter()
        self.assertEqual(extract(text, *patterns), {})
        self.assertLess(time.perf_counter() - start, 3.0)

    def test_only_so_many_lines_of_so_many_characters_are_read(self):
        names = ("contact_name", "label", "Name")
        self.assertEqual(extract("x\n" * 3000 + "Name: Jane", names), {})
        self.assertEqual(len(extract("Name: " + "x" * 5000, names)["contact_name"]), 5000, "a label is quick")
        self.assertEqual(extract(" " * 400 + "77777", ("phone", "regex", r"(\d{5})")), {})


@tagged("post_install", "-at_install")
class TestMailFacts(BaseCase):
    def test_a_message_id_is_the_external_id(self):
        self.assertEqual(mail_patterns.external_id_of(" <a@b.example> "), "<a@b.example>")
        self.assertIsNone(mail_patterns.external_id_of("<1700000000.123@localhost>"), "made up by Odoo")
        self.assertIsNone(mail_patterns.external_id_of(None))
        for odd in ("<" + "x" * 300 + "@b>", "<a\x00@b>"):
            self.assertEqual(len(mail_patterns.external_id_of(odd)), 64)
            self.assertEqual(mail_patterns.external_id_of(odd), mail_patterns.external_id_of(odd))

    def test_addresses_that_nobody_reads_are_known(self):
        for address in ("noreply@x.example", "No-Reply@x.example", "do_not_reply@x.example", "MAILER-DAEMON@x.example"):
            self.assertTrue(mail_patterns.is_no_reply(address), address)
        for address in ("jane@x.example", "nora@x.example", "info@noreply.example", ""):
            self.assertFalse(mail_patterns.is_no_reply(address), address)


@tagged("post_install", "-at_install")
class TestMailSource(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.alias_domain_id = cls.env["mail.alias.domain"].create({"name": "intake.example"})
        cls.source = cls.env["crm.intake.source"].create({"name": "Portal", "alias_name": "Portal Leads"})

    def test_a_source_has_an_address_of_its_own(self):
        self.assertEqual(self.source.alias_email, "portal-leads@intake.example")
        alias = self.source.alias_id
        self.assertEqual((alias.alias_model_id.model, alias.alias_contact), ("crm.lead", "everyone"))
        self.assertEqual(alias.alias_defaults, repr({"intake_source_id": self.source.id}))

        copy = self.source.copy()
        self.assertFalse(copy.alias_id)
        copy.alias_name = "second"
        self.assertEqual(copy.alias_id.alias_defaults, repr({"intake_source_id": copy.id}))
        copy.unlink()
        self.assertFalse(self.env["mail.alias"].search([("alias_name", "=", "second")]))

    def test_whoever_sets_up_patterns_sees_what_is_read_of_a_mail(self):
        with Form(self.source) as form:
            form.pattern_sample = "<table><tr><td>Naam</td><td>Jane</td></tr></table>Budget: a lot"
            self.assertIn("Nothing is read", form.pattern_preview)
            with form.pattern_ids.new() as pattern:
                pattern.field = "contact_name"
                pattern.expression = "Name; Naam"
            with form.pattern_ids.new() as pattern:
                pattern.field = "value"
                pattern.expression = "Budget"
            self.assertIn("Contact person: Jane", form.pattern_preview)
            self.assertRegex(form.pattern_preview, "Expected value.*: a lot .left out")
            with form.pattern_ids.new() as pattern:
                pattern.field = "phone"
                pattern.kind = "regex"
                pattern.expression = "(a+)+"
            self.assertIn("can be repeated", form.pattern_preview)
            form.pattern_ids.remove(2)

    def test_a_pattern_that_could_keep_the_server_busy_is_refused_with_the_reason(self):
        reasons = {"(a+)+b": "can be repeated", "a.*a.*a.*(a)": "keep the server busy", "x": "parentheses"}
        for expression, reason in reasons.items():
            with self.subTest(expression), self.assertRaisesRegex(ValidationError, reason):
                self.source.pattern_ids = [
                    Command.create({"field": "phone", "kind": "regex", "expression": expression})
                ]

    def test_after_the_module_is_gone_its_addresses_still_bring_leads(self):
        uninstall_hook(self.env)
        mail = ["From: jane@example.com", "To: portal-leads@intake.example", "Subject: After", "", "Hi"]
        self.env["mail.thread"].message_process(False, "\r\n".join(mail))
        lead = self.env["crm.lead"].search([("name", "=", "After")])
        self.assertEqual(lead.email_normalized, "jane@example.com")
        self.assertFalse(lead.intake_source_id)
