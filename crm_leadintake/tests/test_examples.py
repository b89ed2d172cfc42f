"""The examples on the form of a source are what a program can send: each is taken as it stands."""

import ast
import json
import shlex

from lxml import etree

from odoo.tests import tagged

from ..tools import examples
from .inbox_case import InboxCase

ADDRESS = "https://crm.example.com"


@tagged("post_install", "-at_install")
class TestExamples(InboxCase):
    def setUp(self):
        super().setUp()
        self._map("Firma", "partner_name")
        self._map("Land", "country_id", {"Niederlande": "NL"})
        self.lead = examples.sample(self.source.mapping_ids._as_mapped())

    def _check(self, record):
        row = self._send(record)
        self.assertEqual((row.state, row.external_id), ("done", examples.EXTERNAL_ID), row.reason)
        self.assertEqual((row.lead_id.partner_name, row.lead_id.country_id.code), ("De Boer Interiors", "NL"))

    def test_the_example_is_in_the_source_s_own_words(self):
        self.assertEqual((self.lead["Firma"], self.lead["Land"].casefold()), ("De Boer Interiors", "niederlande"))
        self.assertNotIn("company", self.lead)

    def test_the_xml_rpc_example_is_python_whose_lead_is_taken(self):
        tree = ast.parse(examples.xmlrpc(ADDRESS, self.lead))
        leads = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "leads")
        self._check(ast.literal_eval(leads)[0])

    def test_the_json_example_is_a_command_whose_lead_is_taken(self):
        command = shlex.split(examples.json(ADDRESS, self.lead | {"subject": 'It\'s "quoted"'}))
        self.assertEqual(command[1], f"{ADDRESS}/leadintake/v1/leads")
        self._check(json.loads(command[command.index("-d") + 1]))

    def test_the_example_of_odoo_s_own_api_is_a_command_whose_lead_is_taken(self):
        command = shlex.split(examples.json2(ADDRESS, self.lead))
        self._check(json.loads(command[command.index("-d") + 1])["leads"][0])

    def test_the_soap_example_is_an_envelope_whose_lead_is_taken(self):
        command = shlex.split(examples.soap(ADDRESS, self.lead | {"subject": "Chairs & <tables>"}))
        lead = etree.fromstring(command[command.index("-d") + 1]).find(".//{urn:leadintake:1}lead")
        self._check({element.get("name") or etree.QName(element).localname: element.text for element in lead})

    def test_the_form_of_a_source_shows_one_for_each_door(self):
        shown = self.source.with_user(self.manager).examples
        self.assertEqual([example["name"] for example in shown], ["xmlrpc", "json", "soap", "json2"])
        for example in shown:
            self.assertIn(self.source.get_base_url(), example["text"])
            self.assertNotIn("li_", example["text"])
