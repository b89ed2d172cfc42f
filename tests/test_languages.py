"""Who works in a language reads dates, amounts and names as people write and sort them in that language."""

import json

from odoo.tests import tagged

from odoo.addons.crm_letter.tests.common import LetterCase
from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen
from odoo.addons.crm_salesboard.tools.alphabet import in_alphabetical_order

# Of a project of 12,345.67 dollars at 45.5 per cent, due on 15 March 2030: the board's period and sum, and the card.
BOARD = {
    "en_US": ("All dates", "$ 12,346", "$ 12,345.67", "45.5 %", "Mar 15, 2030"),
    "nl_NL": ("Alle datums", "$ 12.346", "$ 12.345,67", "45,5 %", "15 mrt 2030"),
    "pl_PL": ("Wszystkie daty", "$ 12346", "$ 12345,67", "45,5 %", "15 mar 2030"),
    "de_DE": ("Alle Daten", "$ 12.346", "$ 12.345,67", "45,5 %", "15. März 2030"),
    "fr_FR": ("Toutes les dates", "$ 12 346", "$ 12 345,67", "45,5 %", "15 mars 2030"),
    "sv_SE": ("Alla datum", "$ 12 346", "$ 12 345,67", "45,5 %", "15 mars 2030"),
}
# A date in a letter, a whole number and one with decimals on the customer's page.
TEXTS = {
    "en_US": ("03/15/2030", "12,345", "1,234,567.50"),
    "nl_NL": ("15-03-2030", "12.345", "1.234.567,50"),
    "pl_PL": ("15.03.2030", "12345", "1234567,50"),
    "de_DE": ("15.03.2030", "12.345", "1.234.567,50"),
    "fr_FR": ("15/03/2030", "12 345", "1 234 567,50"),
    "sv_SE": ("2030-03-15", "12 345", "1 234 567,50"),
}
# How dictionaries sort these; where a language does not have a letter it is with the one that it is made of.
TOWNS = {
    "en_US": ["Älmhult", "Élancourt", "Emmen", "ijmuiden", "Łódź", "Lübeck", "Zakopane"],
    "nl_NL": ["Älmhult", "Élancourt", "Emmen", "ijmuiden", "Łódź", "Lübeck", "Zakopane"],
    "pl_PL": ["Älmhult", "Élancourt", "Emmen", "ijmuiden", "Lübeck", "Łódź", "Zakopane"],
    "de_DE": ["Älmhult", "Élancourt", "Emmen", "ijmuiden", "Łódź", "Lübeck", "Zakopane"],
    "fr_FR": ["Älmhult", "Élancourt", "Emmen", "ijmuiden", "Łódź", "Lübeck", "Zakopane"],
    "sv_SE": ["Élancourt", "Emmen", "ijmuiden", "Łódź", "Lübeck", "Zakopane", "Älmhult"],
}


def activate(env, languages):
    for code in languages:
        env["res.lang"]._activate_lang(code)


def with_plain_spaces(text):
    """Languages separate thousands by spaces of several widths."""
    return " ".join(text.split())


@tagged("post_install", "-at_install")
class TestLanguagesOnScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        activate(cls.env, BOARD)

    def test_the_board_shows_dates_and_amounts_as_the_language_of_the_user_writes_them(self):
        self._make_project("Alpha rollout", "status", "Prospect", 12345.67, 45.5, "2030-03-15", self.sales)
        for code, expected in BOARD.items():
            self.sales.lang = code
            with self.subTest(code):
                self.browser_js(
                    "/odoo/action-crm_salesboard.crm_lead_action_salesboard",
                    f"""
                        const seen = document.querySelector(".o_content").innerText.replace(/\\s+/g, " ");
                        const missing = {json.dumps(expected)}.filter((text) => !seen.includes(text));
                        if (missing.length) {{
                            throw new Error(`${{missing.join(" | ")}} not in: ${{seen}}`);
                        }}
                        console.log("test successful");
                    """,
                    ready='!!document.querySelector(".o_kanban_record:not(.o_kanban_ghost)")',
                    login="board_sales",
                )


@tagged("post_install", "-at_install")
class TestLanguages(LetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        activate(cls.env, TEXTS)

    def test_letters_and_the_customers_page_write_dates_and_numbers_as_the_language_does(self):
        self.addCleanup(self.registry.reset_changes)
        fields = self.env["crm.custom.field"].create(
            [{"name": name, "model": "res.partner", "ttype": "float"} for name in ("Whole", "Broken")]
        )
        for field, value in zip(fields, (12345, 1234567.5), strict=True):
            self.customer[field.field_name] = value
        for code, (day, *numbers) in TEXTS.items():
            with self.subTest(code):
                self.customer.lang = self.sales.lang = code
                letter = self._write(date="2030-03-15", place=False)
                self.assertIn(day, [text for _label, text in letter._prepare_info(self.sales, self.home)])
                page = self._as(self.sales, self.env["crm.customer.page"]).with_context(lang=code)
                profile = page.get_page(self.customer.id)["customer"]["profile"]
                values = {line["label"]: with_plain_spaces(line.get("value", "")) for line in profile}
                self.assertEqual([values["Whole"], values["Broken"]], numbers)

    def test_values_in_use_are_sorted_as_the_language_sorts_them(self):
        towns = TOWNS["en_US"]
        partners = self.env["res.partner"].create([{"name": town, "city": town} for town in reversed(towns)])
        self.env["crm.search.field"].search([]).unlink()
        search_field = self.env["crm.search.field"].create(
            {"model": "res.partner", "field_id": self.env["ir.model.fields"]._get("res.partner", "city").id}
        )
        for code, expected in TOWNS.items():
            with self.subTest(code):
                values = search_field.with_context(lang=code).get_values([("id", "in", partners.ids)])["values"]
                self.assertEqual([value["label"] for value in values], expected)

    def test_where_the_database_does_not_know_the_alphabet_accents_and_cases_do_not_count(self):
        self.patch(type(self.env), "execute_query", lambda env, query: [])
        self.assertEqual(in_alphabetical_order(self.env, ["zebra", "Élan", "emmen", "Älmhult"])[0], "Älmhult")
        self.assertEqual(in_alphabetical_order(self.env, ["zebra", "Élan", "emmen"]), ["Élan", "emmen", "zebra"])
