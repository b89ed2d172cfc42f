"""The examples of the README do what they say."""

import re
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..tools import signature

BODY = '{"name":"Müller"}'.encode()
SECRET = "whsec_right"


def example(language):
    text = (Path(__file__).parents[1] / "README.md").read_text()
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]


def cases():
    """``(what, header, body, whether it is genuine)``"""
    now = int(time.time())
    yield "genuine", signature.sign(BODY, [SECRET], now), BODY, True
    yield "signed with both", signature.sign(BODY, ["whsec_new", SECRET], now), BODY, True
    yield "another secret", signature.sign(BODY, ["whsec_new"], now), BODY, False
    yield "changed", signature.sign(BODY, [SECRET], now), BODY + b" ", False
    yield "old", signature.sign(BODY, [SECRET], now - 400), BODY, False
    yield "another time", signature.sign(BODY, [SECRET], now - 400).replace(str(now - 400), str(now)), BODY, False


@tagged("post_install", "-at_install")
class TestReadme(BaseCase):
    def test_the_check_in_python(self):
        names = {}
        exec(compile(example("python"), "README.md", "exec"), names)  # our own README
        for what, header, body, is_genuine in cases():
            with self.subTest(what):
                self.assertEqual(names["is_genuine"](header, body, SECRET), is_genuine)

    @unittest.skipUnless(shutil.which("php"), "PHP is not installed")
    def test_the_check_in_php(self):
        code = example("php") + "echo is_genuine($argv[1], $argv[2], $argv[3]) ? 'yes' : 'no';"
        for what, header, body, is_genuine in cases():
            with self.subTest(what):
                command = ["php", "-r", code, "--", header, body, SECRET]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual(done.stdout, "yes" if is_genuine else "no", done.stderr)

    @unittest.skipUnless(shutil.which("node"), "Node.js is not installed")
    def test_the_check_in_javascript(self):
        code = example("js") + "const [header, body, secret] = process.argv.slice(1);"
        code += "process.stdout.write(isGenuine(header, Buffer.from(body), secret) ? 'yes' : 'no');"
        for what, header, body, is_genuine in cases():
            with self.subTest(what):
                command = ["node", "-e", code, "--", header, body, SECRET]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual(done.stdout, "yes" if is_genuine else "no", done.stderr)
