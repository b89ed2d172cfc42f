import json

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


class CustomFieldCase(SalesBoardCase):
    def setUp(self):
        super().setUp()
        # The registry forgets the columns of the test, which the database takes back.
        self.addCleanup(self.registry.reset_changes)
        self.Field = self.env["crm.custom.field"].with_user(self.manager)

    def _define(self, name="Segment", ttype="char", **values):
        return self.Field.create({"name": name, "ttype": ttype, **values})

    def _define_choice(self, name="Segment", choices=("Industry", "Trade", "Public"), ttype="many2one", **values):
        commands = [Command.create({"name": choice, "sequence": i}) for i, choice in enumerate(choices)]
        return self._define(name, ttype, choice_ids=commands, **values)

    def _choice(self, definition, name):
        return definition.list_id.choice_ids.filtered(lambda choice: choice.name == name)

    def _arch(self, view_type, model="crm.lead", view=None, user=None):
        env = self.env(user=user or self.sales)
        view_id = self.env.ref(view).id if view else None
        return etree.fromstring(env[model].get_view(view_id, view_type)["arch"])


@tagged("post_install", "-at_install")
class TestCustomField(CustomFieldCase):
    def test_every_type_is_a_column_that_keeps_its_value(self):
        choice = self._define_choice("Segment")
        multiple = self._define_choice("Products", ("Laptop", "Server"), "many2many")
        definitions = self.Field.create(
            [
                {"name": "Foreign number", "ttype": "char"},
                {"name": "Background", "ttype": "text"},
                {"name": "Seats", "ttype": "float"},
                {"name": "Budget", "ttype": "monetary"},
                {"name": "Day of decision", "ttype": "date"},
                {"name": "Reference customer", "ttype": "boolean"},
            ]
        )
        values = dict(
            zip(
                definitions.mapped("field_name"),
                ("PO-7", "Long\nstory", 12.5, 3000.0, "2026-12-01", True),
                strict=True,
            )
        )
        values[choice.field_name] = self._choice(choice, "Trade").id
        values[multiple.field_name] = [Command.set(multiple.list_id.choice_ids.ids)]
        lead = self._make_lead(**values)
        self.env.flush_all()
        lead.invalidate_recordset()
        for name in definitions.mapped("field_name"):
            stored = self.env["crm.lead"]._fields[name].convert_to_write(lead[name], lead)
            self.assertEqual(str(stored), str(values[name]), name)
        self.assertEqual(lead[choice.field_name].name, "Trade")
        self.assertEqual(lead[multiple.field_name].mapped("name"), ["Laptop", "Server"])
        self.env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'crm_lead'")
        columns = {name for (name,) in self.env.cr.fetchall()}
        self.assertLessEqual({*definitions.mapped("field_name"), choice.field_name}, columns)

    def test_it_is_searched_grouped_summed_exported_and_imported_like_any_field(self):
        sector, budget = self._define_choice("Segment"), self._define("Budget", "monetary")
        trade = self._choice(sector, "Trade")
        leads = self._make_lead(name="A") + self._make_lead(name="B") + self._make_lead(name="C")
        leads[:2].write({sector.field_name: trade.id, budget.field_name: 500})
        Lead = self.env["crm.lead"].with_user(self.sales)
        self.assertEqual(Lead.search([(f"{sector.field_name}.name", "=", "Trade")]), leads[:2])
        [(choice, count, total)] = Lead._read_group(
            [(sector.field_name, "!=", False)], [sector.field_name], ["__count", f"{budget.field_name}:sum"]
        )
        self.assertEqual((choice, count, total), (trade, 2, 1000))
        self.sales.group_ids += self.env.ref("base.group_allow_export")
        exported = leads[:1].with_user(self.sales).export_data(["name", sector.field_name, budget.field_name])
        self.assertEqual(exported["datas"], [["A", "Trade", 500.0]])
        result = self.env["crm.lead"].load(["name", sector.field_name], [["D", "Public"]])
        self.assertFalse(result["messages"])
        self.assertEqual(self.env["crm.lead"].browse(result["ids"])[sector.field_name].name, "Public")

    def test_an_import_with_unknown_choices_names_the_rows_and_brings_nothing_in(self):
        sector = self._define_choice("Segment")
        rows = [["Import 1", "Trade"], ["Import 2", "Trading"], ["Import 3", "Order"], ["Import 4", "Publics"]]
        result = self.env["crm.lead"].load(["name", sector.field_name], rows)
        self.assertFalse(result["ids"])
        self.assertEqual({message["rows"]["from"] for message in result["messages"]}, {1, 2, 3})
        self.assertFalse(self.env["crm.lead"].search([("name", "like", "Import ")]))

    def test_an_import_takes_the_choice_of_its_own_list(self):
        first = self._define_choice("Segment", ("Other",))
        second = self._define_choice("Channel", ("Other",))
        result = self.env["crm.lead"].load(
            ["name", first.field_name, second.field_name, "kind_id"], [["Both", "Other", "Other", "Renewal"]]
        )
        self.assertFalse(result["messages"])
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(lead[first.field_name].list_id, first.list_id)
        self.assertEqual(lead[second.field_name].list_id, second.list_id)
        self.assertEqual(lead.kind_id, self.env.ref("crm_salesboard.crm_choice_kind_renewal"))

    def test_forms_lists_and_searches_show_it_to_all_who_see_projects(self):
        sector = self._define_choice("Segment")
        for view_type in ("form", "list", "search"):
            view = "crm.view_crm_case_opportunities_filter" if view_type == "search" else None
            nodes = self._arch(view_type, view=view).findall(f".//field[@name='{sector.field_name}']")
            self.assertEqual(len(nodes), 1, view_type)
        board = self._arch("kanban", view="crm_salesboard.crm_lead_view_kanban_salesboard")
        self.assertIsNotNone(board.find(f".//t[@t-name='card']//field[@name='{sector.field_name}']"))
        customers = self._define("Loyalty number", model="res.partner")
        self.assertIsNotNone(self._arch("form", "res.partner").find(f".//field[@name='{customers.field_name}']"))
        self.assertIsNone(self._arch("form").find(f".//field[@name='{customers.field_name}']"))

    def test_the_form_saves_it(self):
        seats = self._define("Seats", "float")
        with Form(self.env["crm.lead"].with_user(self.sales)) as form:
            form.name = "With seats"
            form[seats.field_name] = 40
        self.assertEqual(form.record[seats.field_name], 40)

    def test_many_fields_leave_the_first_page_readable(self):
        self.Field.create([{"name": f"Detail {n}", "ttype": "char"} for n in range(30)])
        arch = self._arch("form")
        summary = arch.find(".//page[@name='internal_notes']")
        more = arch.find(".//page[@name='custom_fields_page']")
        first = [node.get("name") for node in summary.findall(".//group[@name='custom_fields']//field")]
        self.assertEqual(len(first), 12)
        self.assertGreaterEqual(len(more.findall(".//field")), 18)

    def test_renaming_keeps_values_and_reaches_every_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        sector = self._define("Segment")
        lead = self._make_lead(**{sector.field_name: "Retail"})
        sector.name = "Industry segment"
        sector.update_field_translations("name", {"nl_NL": "Bedrijfstak"})
        name = sector.field_name
        self.assertEqual(lead[name], "Retail")
        self.assertEqual(self.env["crm.lead"].fields_get([name])[name]["string"], "Industry segment")
        dutch = self.env["crm.lead"].with_context(lang="nl_NL")
        self.assertEqual(dutch.fields_get([name])[name]["string"], "Bedrijfstak")
        sector.with_context(lang="nl_NL").name = "Branche"
        self.assertEqual(dutch.fields_get([name])[name]["string"], "Branche")
        self.assertEqual(self.env["crm.lead"].fields_get([name])[name]["string"], "Industry segment")

    def test_nine_fields_are_ready_and_hidden_until_named(self):
        ready = self.Field.search([("placeholder", "!=", False)])
        presets = ready.filtered(lambda field: field.field_name.startswith(("x_free_field_", "x_choice_field_")))
        self.assertEqual(sorted(presets.mapped("ttype")), ["char"] * 4 + ["many2one"] * 5)
        unnamed = presets.filtered(lambda field: not field.name)[-1]
        self.assertIsNone(self._arch("form").find(f".//field[@name='{unnamed.field_name}']"))
        described = self.env["crm.lead"].fields_get([unnamed.field_name])[unnamed.field_name]
        self.assertFalse(described["searchable"] or described["exportable"] or described["groupable"])
        unnamed.name = "Region of use"
        self.assertEqual(unnamed.list_id.name, "Region of use")
        self.assertIsNotNone(self._arch("form").find(f".//field[@name='{unnamed.field_name}']"))
        described = self.env["crm.lead"].fields_get([unnamed.field_name])[unnamed.field_name]
        self.assertEqual(described["string"], "Region of use")
        self.assertTrue(described["searchable"])

    def test_archiving_hides_and_keeps(self):
        sector = self._define("Segment")
        lead = self._make_lead(**{sector.field_name: "Retail"})
        sector.action_archive()
        self.assertIsNone(self._arch("form").find(f".//field[@name='{sector.field_name}']"))
        self.assertEqual(lead[sector.field_name], "Retail")
        sector.action_unarchive()
        self.assertIsNotNone(self._arch("form").find(f".//field[@name='{sector.field_name}']"))

    def test_removing_asks_with_the_number_of_values(self):
        sector = self._define("Segment")
        name = sector.field_name
        self._make_lead(**{name: "Retail"})
        self._make_lead(**{name: "Public", "user_id": self.other.id})
        with self.assertRaisesRegex(UserError, "holds 2 values"):
            sector.unlink()
        action = sector.action_remove()
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"]).create({})
        self.assertEqual(wizard.value_count, 2)
        wizard.action_remove()
        self.assertFalse(sector.exists())
        self.assertNotIn(name, self.env["crm.lead"]._fields)

    def test_a_field_without_values_goes_at_once(self):
        sector = self._define("Segment")
        sector.action_remove()
        self.assertFalse(sector.exists())

    def test_merging_keeps_what_only_the_merged_project_had(self):
        sector = self._define_choice("Segment")
        products = self._define_choice("Products", ("Laptop", "Server"), "many2many")
        note = self._define("Foreign number")
        head = self._make_lead(**{products.field_name: [Command.set(self._choice(products, "Laptop").ids)]})
        tail = self._make_lead(
            **{
                sector.field_name: self._choice(sector, "Trade").id,
                products.field_name: [Command.set(self._choice(products, "Server").ids)],
                note.field_name: "PO-7",
            }
        )
        note.active = False
        merged = (head | tail).merge_opportunity()
        self.assertEqual(merged[sector.field_name].name, "Trade")
        self.assertEqual(set(merged[products.field_name].mapped("name")), {"Laptop", "Server"})
        self.assertEqual(merged[note.field_name], "PO-7")

    def test_mandatory_from_a_status_on_names_all_that_is_missing(self):
        sector = self._define_choice("Segment", stage_ids=[Command.set(self.offer.ids)])
        budget = self._define("Budget", "monetary", stage_ids=[Command.set(self.offer.ids)])
        lead = self._make_lead(stage_id=self.prospect.id)
        with self.assertRaisesRegex(ValidationError, "Segment, Budget"):
            lead.stage_id = self.offer
        with self.assertRaisesRegex(ValidationError, "Segment, Budget"):
            lead.board_column_id = self._column("order")
        with self.assertRaisesRegex(ValidationError, "Segment, Budget"):
            self._make_lead(stage_id=self.offer.id)
        values = {sector.field_name: self._choice(sector, "Trade").id, budget.field_name: 5}
        lead.write({"stage_id": self.offer.id, **values})
        self.assertEqual(lead.stage_id, self.offer)
        with self.assertRaisesRegex(ValidationError, "Segment"):
            lead[sector.field_name] = False
        self._close(self._make_lead(stage_id=self.prospect.id), "lost")
        node = self._arch("form").find(f".//field[@name='{sector.field_name}']")
        self.assertIn(str(self.offer.id), node.get("required"))

    def test_a_field_of_another_process_is_neither_shown_nor_mandatory(self):
        other = self.standard.copy({"name": "Tender"})
        sector = self._define(
            "Lot", process_ids=[Command.set(other.ids)], stage_ids=[Command.set(other.status_ids[0].ids)]
        )
        lead = self._make_lead(stage_id=self.prospect.id)
        lead.stage_id = self.offer
        node = self._arch("form").find(f".//field[@name='{sector.field_name}']")
        self.assertIn(str(other.id), node.get("invisible"))

    def test_fields_are_for_managers_to_define_and_for_all_to_use(self):
        sector = self._define("Segment")
        for user in (self.sales, self.all_leads, self.outsider):
            with self.assertRaises(AccessError):
                self.env["crm.custom.field"].with_user(user).create({"name": "Mine", "ttype": "char"})
            with self.assertRaises(AccessError):
                sector.with_user(user).name = "Renamed"
            with self.assertRaises(AccessError):
                sector.with_user(user).ttype = "text"
            with self.assertRaises(AccessError):
                sector.with_user(user).unlink()
        self.assertTrue(sector.exists().field_id.exists())
        lead = self._make_lead()
        lead.with_user(self.sales)[sector.field_name] = "Retail"
        with self.assertRaises(AccessError):
            lead.with_user(self.other).write({sector.field_name: "Theirs"})

    def _open(self, lead):
        """The queries that opening a project on its form takes, once the views are known."""
        Lead = self.env["crm.lead"].with_user(self.sales)
        arch = etree.fromstring(Lead.get_views([(False, "form")])["views"]["form"]["arch"])
        page = arch.find(".//page[@name='internal_notes']")
        names = {node.get("name") for node in page.iter("field")}
        names |= {node.get("name") for node in arch.iterfind(".//page[@name='custom_fields_page']//field")}
        spec = {
            name: {"fields": {"display_name": {}, "text_color": {}, "background_color": {}}}
            if Lead._fields[name].comodel_name == "crm.choice"
            else {}
            for name in names
        }
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        [values] = lead.with_user(self.sales).web_read(spec)
        return values, self.cr.sql_log_count - before

    def test_a_hundred_fields_take_few_more_queries_to_open_a_project(self):
        lead = self._make_lead()
        self._open(lead)
        _values, without = self._open(lead)
        texts = [{"name": f"Detail {n}", "ttype": "char"} for n in range(60)]
        choices = self.env["crm.choice.list"].create(
            {"name": "Shared", "choice_ids": [Command.create({"name": f"C{n}"}) for n in range(5)]}
        )
        picks = [{"name": f"Pick {n}", "ttype": "many2one", "list_id": choices.id} for n in range(40)]
        definitions = self.Field.create(texts + picks)
        lead.write(
            {
                definition.field_name: choices.choice_ids[0].id if definition.list_id else "x"
                for definition in definitions
            }
        )
        values, queries = self._open(lead)
        self.assertEqual(values[definitions[-1].field_name]["display_name"], "C0")
        self.assertLessEqual(queries, without + 8)

    def test_fifty_fields_are_made_at_once(self):
        # one more for each index that a neighbour has on the table, however many fields are made
        with self.assertQueryCount(290):
            definitions = self.Field.create([{"name": f"Detail {n}", "ttype": "char"} for n in range(50)])
        self.assertEqual(len(set(definitions.mapped("field_name"))), 50)


@tagged("post_install", "-at_install")
class TestCustomFieldBadInput(CustomFieldCase):
    def test_labels_that_cannot_be(self):
        self._define("Segment")
        cases = {
            "": "needs a label",
            "   ": "needs a label",
            "segment": "already",
            " Segment ": "already",
            "Salesperson": "already",
            "x" * 500: "at most 80 characters",
        }
        for label, message in cases.items():
            with self.subTest(label=label[:20]), self.assertRaisesRegex(ValidationError, message):
                self._define(label)

    def test_strange_labels_are_kept_as_text(self):
        for label in ("🚀🚀", "<script>alert(1)</script>", "Étage №5", "name", "x_name", "select", "'; DROP TABLE--"):
            with self.subTest(label=label):
                definition = self._define(label)
                self.assertRegex(definition.field_name, r"^x_[a-z0-9_]+$")
                self.assertEqual(
                    self.env["crm.lead"].fields_get([definition.field_name])[definition.field_name]["string"], label
                )
                json.dumps(self.env["crm.lead"].get_views([(False, "form")])["views"]["form"]["arch"])

    def test_two_labels_that_look_alike_to_a_program_get_two_columns(self):
        names = (self._define("Segment!") | self._define("Segment?")).mapped("field_name")
        self.assertEqual(names, ["x_segment", "x_segment_2"])

    def test_a_choice_of_another_list_is_refused(self):
        sector = self._define_choice("Segment")
        products = self._define_choice("Products", ("Laptop", "Server"), "many2many")
        lead = self._make_lead()
        with self.assertRaisesRegex(ValidationError, "Industry, Trade, Public"):
            lead[sector.field_name] = self._choice(products, "Laptop")
        with self.assertRaisesRegex(ValidationError, "Laptop, Server"):
            lead.write({products.field_name: [Command.link(self._choice(sector, "Trade").id)]})
        with self.assertRaisesRegex(ValidationError, "Laptop, Server"):
            self._make_lead(**{products.field_name: [Command.set(self._choice(sector, "Trade").ids)]})

    def test_a_type_with_values_is_not_changed_and_the_way_out_is_said(self):
        sector = self._define("Segment")
        lead = self._make_lead(**{sector.field_name: "Retail"})
        with self.assertRaisesRegex(UserError, "export and import"):
            sector.ttype = "float"
        lead[sector.field_name] = False
        sector.ttype = "float"
        lead[sector.field_name] = 3
        self.assertEqual(self.env["crm.lead"]._fields[sector.field_name].type, "float")

    def test_the_list_of_a_field_with_values_stays(self):
        sector = self._define_choice("Segment")
        other = self.env["crm.choice.list"].create({"name": "Others", "choice_ids": [Command.create({"name": "X"})]})
        self._make_lead(**{sector.field_name: self._choice(sector, "Trade").id})
        with self.assertRaisesRegex(UserError, "holds 1 values"):
            sector.list_id = other

    def test_choices_renamed_in_a_circle_keep_their_records(self):
        sector = self._define_choice("Segment", ("A", "B", "C"))
        a, b, c = sector.list_id.choice_ids
        lead = self._make_lead(**{sector.field_name: a.id})
        sector.list_id.choice_ids = [
            Command.update(a.id, {"name": "tmp"}),
            Command.update(c.id, {"name": "A"}),
            Command.update(b.id, {"name": "C"}),
            Command.update(a.id, {"name": "B"}),
        ]
        self.assertEqual(lead[sector.field_name], a)
        self.assertEqual((a.name, b.name, c.name), ("B", "C", "A"))
        with self.assertRaises(ValidationError):
            a.name = "C"

    def test_a_used_choice_is_not_deleted_and_its_uses_are_counted(self):
        sector = self._define_choice("Segment")
        products = self._define_choice("Products", ("Laptop",), "many2many")
        self._make_lead(
            **{
                sector.field_name: self._choice(sector, "Trade").id,
                products.field_name: [Command.set(products.list_id.choice_ids.ids)],
            }
        )
        for choice in (self._choice(sector, "Trade"), products.list_id.choice_ids):
            self.assertEqual(choice.use_count, 1)
            with self.assertRaisesRegex(UserError, "Archive it instead"):
                choice.unlink()
        self._choice(sector, "Public").unlink()

    def test_a_table_that_is_busy_is_said(self):
        with self.registry.cursor() as blocker, mute_logger("odoo.sql_db"):
            blocker.execute("LOCK TABLE crm_lead IN ACCESS SHARE MODE")
            self.patch(type(self.env["crm.custom.field"]), "_lock_timeout", "100ms")
            with self.assertRaisesRegex(UserError, "busy"), self.env.cr.savepoint():
                self._define("Late")
