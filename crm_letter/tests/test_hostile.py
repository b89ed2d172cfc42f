import base64

from odoo.tests import TransactionCase, tagged

from ..tools.clean_body import clean_body
from .common import LetterCase, needs_printer


class TestCleanBody(TransactionCase):
    def test_nothing_is_loaded_and_nothing_runs(self):
        cases = [
            "<script>alert(1)</script>",
            '<img src="http://169.254.169.254/x"/>',
            '<img src="file:///etc/passwd"/>',
            '<img src="x" onerror="alert(1)"/>',
            '<p style="background:url(http://a.example/x)">x</p>',
            '<table background="http://a.example/x"><tr><td>x</td></tr></table>',
            '<iframe src="http://a.example"></iframe>',
            '<object data="http://a.example"></object>',
            '<video poster="http://a.example/x" src="http://a.example/y"></video>',
            '<link rel="stylesheet" href="http://a.example/x"/>',
            '<style>@import "http://a.example/x";</style>',
            '<svg><image xlink:href="http://a.example/x"/></svg>',
            '<input type="image" src="http://a.example/x"/>',
        ]
        for text in cases:
            with self.subTest(text=text):
                cleaned = clean_body(text, lambda number: None)
                for bad in ("script", "http:", "file:", "onerror", "url(", "iframe"):
                    self.assertNotIn(bad, cleaned)

    def test_images_of_attachments_are_put_in(self):
        found = clean_body('<p><img src="/web/image/7-ab/x.png"/> end</p>', {7: "data:image/png;base64,AA"}.get)
        self.assertIn('src="data:image/png;base64,AA"', found)
        self.assertNotIn("<img", clean_body('<p><img src="/web/image/8"/> end</p>', {}.get))


@tagged("post_install", "-at_install")
class TestHostile(LetterCase):
    @needs_printer
    def test_an_address_with_markup_is_printed_as_it_is_written(self):
        evil = self._make_customer("<b>Bold</b><script>1</script>", street="<img src=x>")
        text = self._pages(self._write(partner_id=evil.id)._print_pdfs()[0])[0]
        self.assertIn("<b>Bold</b>", text)
        self.assertIn("<img src=x>", text)

    def test_a_placeholder_that_gives_markup_is_text(self):
        evil = self._make_customer("Evil", city="<script>alert(1)</script>")
        self.assertNotIn("<script", self._write(partner_id=evil.id).body)

    def test_a_script_in_the_text_is_taken_out_when_it_is_saved(self):
        letter = self._write(body='<p onclick="x()">Text</p><script>alert(1)</script>')
        self.assertNotIn("script", letter.body)
        self.assertNotIn("onclick", letter.body)

    def test_an_image_that_the_user_may_not_see_is_not_printed(self):
        pixel = base64.b64encode(b"\x89PNG").decode()
        secret = self.env["ir.attachment"].create(
            {"name": "x.png", "datas": pixel, "mimetype": "image/png", "res_model": "res.company", "res_id": 0}
        )
        secret.write({"res_model": "ir.cron", "res_id": self.env["ir.cron"].search([], limit=1).id})
        letter = self._write(body=f'<p>See <img src="/web/image/{secret.id}"/></p>')
        self.assertNotIn("data:", letter.sudo()._prepare_page()["body"], "Not even where the job prints as superuser")

    def test_100_kb_of_text_are_a_letter(self):
        letter = self._write(body="<p>Lorem ipsum dolor sit amet.</p>" * 4000)
        self.assertGreater(len(letter.body), 100_000)
