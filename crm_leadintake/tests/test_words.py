import ast
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..tools import problems, records, values


def expectations(module):
    """The third argument of each Problem that a module raises, where it is a plain text."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and len(node.args) > 2:
            if isinstance(node.args[2], ast.Constant) and isinstance(node.args[2].value, str):
                yield node.args[2].value


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    def test_people_read_of_every_rule_in_their_own_language(self):
        inbox = self.env["crm.lead.inbox"]
        self.assertEqual(inbox._get_problem_sentences().keys(), problems.MESSAGES.keys())
        wanted = {*expectations(values), *expectations(records)}
        self.assertGreater(len(wanted), 10)
        self.assertEqual(wanted, inbox._get_expectations().keys())
