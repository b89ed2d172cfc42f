import base64

from odoo.tests import BaseCase, tagged

from ..tools.logged_email import MAX_FILES, read_files, sender_of


@tagged("post_install", "-at_install")
class TestLoggedEmail(BaseCase):
    def test_the_sender_is_read_where_the_add_in_writes_it(self):
        table = [
            ("<html><head></head><body><div>From : anna@x.example</div><p>Hi</p></body></html>", "anna@x.example"),
            ("<span>From: Anna@X.example</span><br/><br/><p>Hi</p>", "anna@x.example"),
            ("<html><body>\n<div>Von : anna@x.example</div></body></html>", "anna@x.example"),
            ("<span>De : Anna &lt;anna@x.example&gt;</span><p>Hi</p>", "anna@x.example"),
            ("<p>Hi</p><p>From : anna@x.example</p>", None),
            ("<div>From : anna@x.example, bart@x.example</div>", None),
            ("<p>Write to anna@x.example if you like</p>", None),
            (f"<p>{'Hello ' * 60} anna@x.example</p>", None),
            ("<div>From : nobody</div>", None),
            ("just text", None),
            ("", None),
            ("<", None),
            ("<!-- -->", None),
        ]
        for message, sender in table:
            with self.subTest(message):
                self.assertEqual(sender_of(message), sender)

    def test_files_are_read_or_refused(self):
        content = base64.b64encode(b"10 wheels").decode()
        self.assertEqual(read_files(None), [])
        self.assertEqual(read_files([["a.txt", content], ["b", ""]]), [("a.txt", b"10 wheels"), ("b", b"")])
        # as mails break the lines
        self.assertEqual(read_files([["a.txt", f"{content[:4]}\r\n{content[4:]}"]]), [("a.txt", b"10 wheels")])
        for wrong in ("x", {}, [["x"]], [["x", 1]], [[None, content]], [["x", "a"]], [["x", content, 3]]):
            with self.subTest(wrong):
                if wrong == {}:
                    self.assertEqual(read_files(wrong), [])
                else:
                    self.assertRaises(ValueError, read_files, wrong)
        self.assertRaises(OverflowError, read_files, [["x", content]] * (MAX_FILES + 1))
