from email import message_from_string, policy

from odoo.tests import BaseCase, tagged

from ..tools import mail_texts


@tagged("post_install", "-at_install")
class TestMailTexts(BaseCase):
    def _mail(self, **texts):
        mail = message_from_string("Subject: x\n\n", policy=policy.SMTP)
        mail.set_content(texts["plain"])
        if "html" in texts:
            mail.add_alternative(texts["html"], subtype="html")
        return mail

    def test_a_long_text_is_taken_out_and_its_beginning_left(self):
        mail = self._mail(plain="Zoë\n" * 100, html="<p>short</p>")
        self.assertTrue(mail_texts.may_be_long(mail, 100))
        [(name, text)] = mail_texts.take_out_long_texts(mail, 100)
        self.assertEqual((name, text.count("Zoë")), ("message.txt", 100))
        plain, html = mail.iter_parts()
        self.assertEqual(plain.get_content().split(), ["Zoë"] * 25)
        self.assertIn("short", html.get_content())

    def test_what_is_coded_long_and_is_short_stays(self):
        mail = self._mail(plain="Zoë\n" * 25)
        self.assertEqual(mail_texts.take_out_long_texts(mail, 100), [])

    def test_files_are_no_texts(self):
        mail = self._mail(plain="x")
        mail.add_attachment("y" * 1000, filename="y.txt")
        self.assertFalse(mail_texts.may_be_long(mail, 100))

    def test_what_is_quoted_is_left_out_where_something_is_left(self):
        quote = '<blockquote data-o-mail-quote="1">old</blockquote>'
        self.assertNotIn("old", mail_texts.without_quotes(f"<p>new &lt;b&gt;</p>{quote}"))
        self.assertIn("&lt;b&gt;", mail_texts.without_quotes(f"new &lt;b&gt; {quote}"))
        self.assertIn("old", mail_texts.without_quotes(f"<p> </p>{quote}"))
        self.assertEqual(mail_texts.without_quotes("<p>new</p>"), "<p>new</p>")

    def test_an_answer_is_known_by_its_subject(self):
        for subject in ("Re: x", "AW:x", " SV: x", "Odp: x", "RE[2]: x", "Antw: x"):
            self.assertTrue(mail_texts.is_answer(subject), subject)
        for subject in ("Order: x", None, "24 November", "Rear: x"):
            self.assertFalse(mail_texts.is_answer(subject), subject)

    def test_of_what_is_handed_on_the_quoted_part_is_taken(self):
        quote = '<blockquote data-o-mail-quote="1">It <p data-o-mail-quote="1">broke</p></blockquote>'
        signature = '<div class="gmail_signature" data-o-mail-quote="1">Service</div>'
        quoted = mail_texts.quoted_part(f"<p>A troublemaker</p>{signature}{quote}tail")
        self.assertEqual(quoted.count("broke"), 1)
        for left_out in ("troublemaker", "Service", "tail"):
            self.assertNotIn(left_out, quoted)
        for body in ("<p>x</p>", "", None, signature):
            self.assertEqual(mail_texts.quoted_part(body), "")

    def test_what_is_handed_on_is_known_by_its_subject(self):
        for subject in ("Fwd: x", "FW:x", " WG: x"):
            self.assertTrue(mail_texts.is_forwarded(subject), subject)
        for subject in ("Re: x", None, "Transport"):
            self.assertFalse(mail_texts.is_forwarded(subject), subject)
