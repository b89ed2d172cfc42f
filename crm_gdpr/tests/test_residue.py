import base64
import hashlib
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from unittest.mock import patch

from psycopg2.extras import Json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import residue, residue_tables
from ..tools.identity import Identity
from ..tools.matching import Crowd
from . import files
from .common import PrivacyCase

NAME = "Jorn Quaasterniet"
PHOTO = files.jpeg("a photo of nobody")
JORN = Identity(
    names={NAME},
    emails={"jorn.q@example.com"},
    phones={"+31698765431"},
    texts={"Zevenhuizerdijk 12", "NL91ABNA0417164300"},
    files={hashlib.sha1(PHOTO).hexdigest()},
)
# Of the same letters, words and figures, but somebody and something else.
OTHERS = Identity(
    names={"Jorn Hallewas", "Niet Quaasterjorn"},
    emails={"jorn.qq@example.com", "q@example.com"},
    phones={"+31698765439"},
    texts={"Zevenhuizerdijk 1"},
    files={hashlib.sha1(b"x").hexdigest()},
)
# A table of no model, with a column of every kind.
COLUMNS = {
    "a_text": ("text", NAME),
    "a_varchar": ("varchar(99)", "QUAASTERNIET, Jörn"),
    "a_char": ("char(40)", NAME),
    "a_json": ("json", json.dumps({"by": "J\u00f6rn Quaasterniet\nSales"})),
    "a_jsonb": ("jsonb", json.dumps({"deep": [{"phone": 31698765431}]})),
    "an_xml": ("xml", "<a><b>Jorn</b> <i>Quaasterniet</i></a>"),
    "a_bytea": ("bytea", NAME.encode()),
    "a_document": ("bytea", files.docx("Jo", "rn Quaas", "terniet")),
    "a_base64": ("bytea", base64.b64encode(files.pdf(NAME))),
    "a_photo": ("bytea", base64.b64encode(PHOTO)),
    "some_texts": ("text[]", ["x", NAME]),
    "some_varchars": ("varchar[]", ["jorn.q@example.com"]),
    "some_json": ("jsonb[]", [json.dumps({"to": "jorn.q%40example.com"})]),
    "a_payload": ("text", json.dumps({"file": base64.b64encode(files.xlsx(NAME)).decode()})),
    "a_photo_in_json": ("jsonb", json.dumps({"photo": base64.b64encode(PHOTO).decode()})),
    "a_long_text": ("text", "x " * 1_500_000 + NAME + " y" * 1_500_000),
    "a_long_json": ("jsonb", json.dumps(["ab"[n % 2] * (n % 50) for n in range(40_000)] + [NAME])),
    "a_numeric": ("numeric(20, 2)", 31698765431),
    "a_bigint": ("bigint", 698765431),
    "a_float": ("double precision", 31698765431.0),
    "a_domain": ("test_residue_domain", NAME),
    "a_row": ("test_residue_row", ("x", NAME)),
    "an_account": ("text", "NL91 ABNA 0417 1643 00"),
    "a_street": ("text", "zevenhuizerdijk 12, Utrecht"),
}
FILES = {
    "letter.pdf": files.pdf(f"Dear {NAME}"),
    "letter.docx": files.docx(NAME),
    "list.xlsx": files.xlsx("Quaasterniet", "Jorn"),
    "photo.jpg": PHOTO,
    "mail.eml": files.mail("x", files.docx(NAME)),
    "packed.zip": files.packed({"letter.txt": b"06-98765431"}),
    "page.html": b"<p><b>Jorn</b> Quaasterniet</p>",
}


@tagged("post_install", "-at_install")
class TestResidue(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cr.execute("CREATE DOMAIN test_residue_domain AS varchar; CREATE TYPE test_residue_row AS (a text, b text)")

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.filestore = folder.name
        self.crowd = Crowd({"jorn": JORN, "others": OTHERS})

    def _scan(self, only=None, **options):
        self.env.flush_all()
        if only:
            options["skip"] = [table.label for table in residue_tables.tables_of(self.cr) if table.label != only]
        scan = residue.scan(self.cr, self.crowd, **{"filestore": self.filestore, **options})
        found = defaultdict(dict)
        for hit in scan:
            self.assertNotIn("others", hit.persons, hit)
            found[hit.table, hit.column][hit.row_id] = set(hit.persons["jorn"])
        return scan, dict(found)

    def _make_table(self, name, columns, values, schema="public"):
        types = SQL(", ").join(SQL("%s %s", SQL.identifier(key), SQL(kind)) for key, kind in columns.items())
        self.cr.execute(SQL("CREATE TABLE %s.%s (%s)", SQL.identifier(schema), SQL.identifier(name), types))
        for row in values:
            cells = SQL(", ").join(
                SQL("%s::%s", value, SQL(kind)) for value, kind in zip(row, columns.values(), strict=True)
            )
            self.cr.execute(SQL("INSERT INTO %s.%s VALUES (%s)", SQL.identifier(schema), SQL.identifier(name), cells))

    def _keep_file(self, content, name=None):
        checksum = hashlib.sha1(content).hexdigest()
        path = Path(self.filestore, name or f"{checksum[:2]}/{checksum}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path.relative_to(self.filestore).as_posix()

    def _make_attachment(self, name, store_fname):
        attachment = self.env["ir.attachment"].create({"name": name, "type": "url"})
        self.env.flush_all()
        self.cr.execute("UPDATE ir_attachment SET store_fname = %s WHERE id = %s", [store_fname, attachment.id])
        return attachment.id

    def test_nothing_is_found_of_a_person_who_is_not_there(self):
        self.env["res.partner"].create(
            [
                {"name": "Jorn Bakker", "email": "jorn@example.com", "phone": "+31 6 98765432"},
                {"name": "Piet Quaasterniet", "street": "Zevenhuizerdijk 112", "comment": "Jorn, Piet Quaasterniet"},
                {"name": "Jorn Quaasternietstraat", "ref": "1698765431", "comment": "0698765431000"},
            ]
        )
        self._keep_file(files.pdf("Jorn Bakker and Piet Quaasterniet"))
        scan, found = self._scan()
        self.assertEqual(found, {})
        self.assertGreater(scan.rows, 1000)
        self.assertEqual(scan.files, 1)

    def test_a_person_is_found_in_columns_of_every_kind_of_tables_that_odoo_does_not_know(self):
        for has_id in (True, False):
            name = f"test_residue_{has_id}"
            types = {"id" if has_id else "number": "int", **{key: kind for key, (kind, _value) in COLUMNS.items()}}
            values = [value for _kind, value in COLUMNS.values()]
            self._make_table(name, types, [(7, *[None] * len(values)), (8, *values), (9, *[None] * len(values))])
            _scan, found = self._scan()
            self.assertEqual({column for _table, column in found}, set(COLUMNS))
            self.assertEqual({row_id for rows in found.values() for row_id in rows}, {8 if has_id else "(0,2)"})
            self.assertEqual(found[name, "a_numeric"].popitem()[1], {"phone"})
            self.assertEqual(found[name, "a_photo"].popitem()[1], {"file"})
            self.assertEqual(found[name, "an_account"].popitem()[1], {"text"})
            self.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))

    def test_a_person_is_found_in_the_odd_corners_of_odoo(self):
        partner = self._make_contact("x")
        lead = self.env["crm.lead"].create({"name": "x"})
        self.env.flush_all()
        self.cr.execute("UPDATE res_partner SET comment = %s WHERE id = %s", [f"<p>{NAME}</p>", partner.id])
        self.cr.execute("UPDATE crm_lead SET lead_properties = %s WHERE id = %s", [Json({"a": NAME}), lead.id])
        self.cr.execute(
            "INSERT INTO ir_logging (create_date, name, type, path, line, func, message) "
            "VALUES (now(), 'x', 'server', 'x', '1', 'x', %s)", [f"('jorn.q@example.com', '{NAME}')"],
        )  # fmt: skip
        message = json.dumps({"n": "J\u00f6rn Quaasterniet"})
        self.cr.execute("INSERT INTO bus_bus (channel, message) VALUES ('x', %s)", [message])
        self.env["ir.config_parameter"].set_param("x", "0031 6-98765431")
        self.env["ir.filters"].create({"name": "x", "model_id": "res.partner", "domain": f"[('name', '=', '{NAME}')]"})
        self.env["crm.tag"].create({"name": "Jorn-Quaasterniet"})
        self._make_table("test_residue_rel", {"one_id": "int", "other": "text"}, [(1, "x"), (2, NAME)])
        self._make_table("test_residue_empty", {"one_id": "int", "other_id": "int"}, [])
        _scan, found = self._scan()
        places = {"res_partner.comment", "crm_lead.lead_properties", "ir_logging.message", "bus_bus.message"}
        places |= {"ir_config_parameter.value", "ir_filters.domain", "crm_tag.name", "test_residue_rel.other"}
        self.assertEqual({".".join(place) for place in found}, places)
        self.assertEqual(found["res_partner", "comment"], {partner.id: {"name"}})
        self.assertEqual(found["ir_logging", "message"].popitem()[1], {"name", "email"})
        self.assertEqual(found["test_residue_rel", "other"], {"(0,2)": {"name"}})

    def test_other_schemas_are_searched_too(self):
        self.cr.execute("CREATE SCHEMA test_residue")
        self._make_table("backup", {"id": "int", "name": "text"}, [(1, NAME)], schema="test_residue")
        _scan, found = self._scan()
        self.assertEqual(found, {("test_residue.backup", "name"): {1: {"name"}}})

    def test_tables_that_may_not_be_read_are_told(self):
        self._make_table("test_residue_denied", {"id": "int", "name": "text"}, [(1, NAME)])
        self.cr.execute("REVOKE SELECT ON test_residue_denied FROM current_user")
        scan, found = self._scan(filestore=None)
        self.assertEqual(found, {})
        self.assertEqual(scan.unread, ["test_residue_denied"])

    def test_views_that_keep_their_rows_are_searched_too(self):
        self.cr.execute(SQL("CREATE MATERIALIZED VIEW test_residue_view AS SELECT 1 AS id, %s::text AS name", NAME))
        _scan, found = self._scan()
        self.assertEqual(found, {("test_residue_view", "name"): {1: {"name"}}})

    def test_tables_with_more_columns_than_a_function_takes_arguments_are_searched(self):
        columns = {f"column_{number}": "text" for number in range(250)}
        self._make_table("test_residue_wide", columns, [[None] * 249 + [NAME], [NAME] + [None] * 249])
        _scan, found = self._scan()
        self.assertEqual(
            found, {("test_residue_wide", name): {place: {"name"}}
                    for name, place in (("column_249", "(0,1)"), ("column_0", "(0,2)"))})  # fmt: skip

    def test_nothing_is_read_together_that_stands_in_two_columns_or_rows(self):
        rows = [("Jorn", "Quaasterniet"), ("Quaasterniet", "Jorn")]
        self._make_table("test_residue_two", {"a": "text", "b": "text"}, rows)
        self.assertEqual(self._scan()[1], {})

    def test_a_person_is_found_in_files_and_each_attachment_is_told(self):
        expected = {}
        for name, content in FILES.items():
            store_fname = self._keep_file(content)
            for _copy in range(2):
                expected[self._make_attachment(name, store_fname)] = store_fname
        orphan = self._keep_file(NAME.encode() * 2)
        self._keep_file(b"jorn.q@example.com", "checklist/ab")
        with patch.object(Path, "open", autospec=True, side_effect=Path.open) as reads:
            scan, found = self._scan()
        self.assertEqual(set(found["ir_attachment", "store_fname"]), set(expected))
        self.assertEqual(found["filestore", "content"], {orphan: {"name"}})
        self.assertEqual(len(found), 2)
        self.assertEqual(scan.files, len(FILES) + 1)
        self.assertEqual(reads.call_count, len(FILES) + 1)

    def test_bundles_of_odoos_programs_are_not_read_unless_somebody_has_the_same_file(self):
        bundle = self._keep_file(NAME.encode())
        values = {
            "public": True,
            "url": "/web/assets/1234567/web.assets_web.min.js",
            "res_model": "ir.ui.view",
            "res_id": 0,
        }
        self.env["ir.attachment"].browse(self._make_attachment("x", bundle)).write(values)
        self.assertEqual(self._scan()[1], {})
        other = self._make_attachment("y", bundle)
        self.assertIn(other, self._scan()[1]["ir_attachment", "store_fname"])

    def test_the_bytes_of_a_photo_are_known_again(self):
        attachment = self._make_attachment("x", self._keep_file(PHOTO))
        _scan, found = self._scan()
        self.assertEqual(found, {("ir_attachment", "store_fname"): {attachment: {"file"}}})

    def test_files_that_could_not_be_read_are_told(self):
        secret = self._keep_file(files.pdf(NAME, password="secret"))
        missing = "ab/" + "ab" * 20
        self._make_attachment("x", missing)
        scan, found = self._scan()
        self.assertEqual(found, {})
        self.assertIn(secret, scan.unread)
        self.assertIn(missing, scan.unread)

    def test_tables_and_columns_can_be_left_out(self):
        self._make_table("test_residue_kept", {"id": "int", "a": "text", "b": "text"}, [(1, NAME, NAME)])
        self.assertEqual(set(self._scan(skip=["test_residue_kept.a"])[1]), {("test_residue_kept", "b")})
        self.assertEqual(self._scan(skip=["test_residue_kept"])[1], {})

    def test_how_far_it_is_is_told_up_to_the_end(self):
        steps = []
        self._keep_file(b"x" * 1000)
        self._scan(progress=lambda done, total: steps.append((done, total)))
        self.assertEqual(steps, sorted(steps))
        self.assertEqual(steps[-1][0], steps[-1][1])
        self.assertEqual(len({total for _done, total in steps}), 1)

    def test_a_thousand_rows_are_searched_in_as_few_queries_as_one(self):
        self._make_table("test_residue_many", {"id": "int", "a": "text"}, [(0, NAME)])
        before = self.cr.sql_log_count
        self._scan(only="test_residue_many")
        for_one = self.cr.sql_log_count - before
        self.cr.execute("INSERT INTO test_residue_many SELECT n, %s FROM generate_series(1, 1000) n", [NAME])
        before = self.cr.sql_log_count
        _scan, found = self._scan(only="test_residue_many")
        self.assertEqual(len(found["test_residue_many", "a"]), 1001)
        self.assertLessEqual(self.cr.sql_log_count - before, for_one + 3)  # the next batch, and one for the insertion

    def test_rows_are_read_in_batches(self):
        self._make_table("test_residue_many", {"id": "int", "a": "text"}, [(0, NAME)])
        self.cr.execute("INSERT INTO test_residue_many SELECT n, %s FROM generate_series(1, 99) n", [NAME])
        for fewest, most in ((1, 1), (1, 50), (33, 34), (100, 100)):
            with patch.multiple(residue_tables, _FEWEST_ROWS=fewest, _MOST_ROWS=most):
                _scan, found = self._scan(only="test_residue_many")
            self.assertEqual(set(found["test_residue_many", "a"]), set(range(100)))

    def test_an_officer_searches_by_values_typed_in(self):
        self._make_contact("x", email="jorn.q@example.com")
        found, _unread = residue.scan_values(self.env(user=self.officer), JORN)
        self.assertIn(("res_partner", "email"), {(hit.table, hit.column) for hit in found})
        self.assertEqual(len(residue.scan_values(self.env(user=self.officer), JORN, limit=1)[0]), 1)
        for user in self.others:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                residue.scan_values(self.env(user=user), JORN)
