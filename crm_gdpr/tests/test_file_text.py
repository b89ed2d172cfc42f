import base64
import gzip
import json
import tracemalloc
import unittest
import zlib
from functools import partial
from unittest.mock import patch

from ..tools import file_text
from ..tools.file_budget import Budget
from ..tools.identity import Identity
from ..tools.matching import Matcher
from . import files

JAN = Matcher(Identity(names={"Ján de Vries"}, emails={"jan@example.com"}, phones={"+31612345678"}))
NAME = "Ján de Vries"


def kinds(content, **known):
    return JAN.find(file_text.extract(content, **known))


class TestKinds(unittest.TestCase):
    def test_a_person_is_found_in_files_of_every_kind(self):
        cases = {
            "text": NAME.encode(),
            "text of Windows": f"Beste {NAME}, tot ziens".encode("cp1252"),
            "text in two bytes": NAME.encode("utf-16"),
            "table": f"id;name\n1;{NAME}\n".encode("utf-8-sig"),
            "page": b"<html><p><b>J&aacute;n</b> de Vries</p></html>",
            "JSON": json.dumps({"name": NAME}).encode(),
            "JSON with a file": json.dumps({"file": base64.b64encode(files.docx(NAME)).decode()}).encode(),
            "XML": f'<?xml version="1.0"?><a by="{NAME}"/>'.encode(),
            "PDF": files.pdf(NAME),
            "table in a PDF": files.pdf("Ján\nAnn", "de Vries\nBakker"),
            "title of a PDF": files.pdf("x", title=NAME),
            "link in a PDF": files.pdf("x", link="mailto:jan@example.com"),
            "form in a PDF": files.pdf("x", value=NAME),
            "file in a PDF": files.pdf("x", attached=f"<a>{NAME}</a>".encode()),
            "DOCX": files.docx(NAME),
            "DOCX in runs": files.docx("Já", "n de ", "Vri", "es"),
            "DOCX by": files.docx("x", author=NAME),
            "XLSX": files.xlsx(NAME),
            "XLSX with a number": files.xlsx(31612345678),
            "XLSX with a number as text": files.xlsx("06-12345678"),
            "ODT": files.odt(NAME),
            "packed": files.packed({"letter.txt": NAME.encode()}),
            "packed twice": files.packed({"a.zip": files.packed({"letter.docx": files.docx(NAME)})}),
            "name in a packed file": files.packed({"jan_de_vries.bin": b"\0"}),
            "gzip": gzip.compress(NAME.encode()),
            "RTF": rb"{\rtf1\ansi\b J\'e1n \b0 de Vr\u105?es\par}",
            "card": b"BEGIN:VCARD\nN:Vries;J\xc3\xa1n de;;;\nTEL:+31 6\n  12345678\nEND:VCARD\n",
            "calendar": f"BEGIN:VCALENDAR\nATTENDEE;CN={NAME[:5]}\r\n {NAME[5:]}:mailto:x@y.z\n".encode(),
            "mail": files.mail(NAME),
            "mail with a file": files.mail("x", files.docx(NAME)),
            "headers of a mail": files.mail("x", sender=f"{NAME} <x@example.com>"),
            "JPEG": files.jpeg(NAME),
            "JPEG of Windows": files.jpeg("x", author=NAME),
            "PNG": files.png(NAME),
            "compressed note in a PNG": files.png(NAME, compressed=True),
            "SVG": "<svg><text><tspan>Ján</tspan><tspan> de Vries</tspan></text></svg>".encode(),
            "old Word": b"\xd0\xcf\x11\xe0" + bytes(99) + NAME.encode("cp1252") + bytes(99),
            "old Excel": b"\xd0\xcf\x11\xe0" + bytes(99) + NAME.encode("utf-16-le") + bytes(99),
            "a program": bytes(range(256)) + NAME.encode() + bytes(range(256)),
        }
        for name, content in cases.items():
            with self.subTest(name):
                self.assertTrue(kinds(content))
                self.assertTrue(file_text.read(content).is_complete)

    def test_nobody_is_found_in_files_about_others(self):
        others = [
            files.pdf("Ján de Boer"),
            files.docx("Ján", " de ", "Vriesstraat"),
            files.xlsx("Ján"),
            b"",
            b"\0" * 99,
        ]
        for content in others:
            self.assertEqual(kinds(content), set())

    def test_parts_of_a_table_are_not_read_as_one_word(self):
        text = file_text.extract(files.xlsx("Ann", "Bakker"))
        self.assertNotIn("AnnBakker", text)
        self.assertIn("Ann", text)


class TestBounds(unittest.TestCase):
    def test_broken_files_are_read_as_far_as_they_go(self):
        for make in (files.pdf, files.docx, files.xlsx, files.odt, files.png, files.mail):
            content = make(NAME)
            for size in (5, 30, len(content) // 2, len(content) - 30):
                with self.subTest(start=content[:4], size=size):
                    self.assertIsInstance(file_text.extract(content[:size]), str)
                    broken = content[:size] + b"\xff\0" + content[size + 2 :]
                    self.assertIsInstance(file_text.extract(broken), str)
        truncated = file_text.read(files.docx(NAME)[:-40])
        self.assertFalse(truncated.is_complete)

    def test_what_cannot_be_read_is_told(self):
        self.assertFalse(file_text.read(files.pdf(NAME, password="secret")).is_complete)
        self.assertFalse(file_text.read(b"PK\x03\x04 no archive").is_complete)

    @patch.object(file_text, "Budget", partial(Budget, size=10_000_000))
    def test_bombs_are_not_unpacked(self):
        zeros = zlib.compress(bytes(30_000_000), 9)
        laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
        bombs = {
            "packed": files.packed({"zeros": bytes(30_000_000)}),
            "packed in packed": files.packed({f"{n}.zip": files.packed({"zeros": bytes(6_000_000)}) for n in range(3)}),
            "gzip": gzip.compress(bytes(30_000_000)),
            "PDF": b"%PDF-1.4\n1 0 obj<</Length 9/Filter/FlateDecode>>stream\n" + zeros + b"\nendstream endobj",
            "PNG": b"\x89PNG\r\n\x1a\n" + len(zeros).to_bytes(4, "big") + b"zTXtk\0\0" + zeros,
            "deep": files.packed_deep(NAME.encode(), 20),
        }
        for name, content in bombs.items():
            with self.subTest(name):
                tracemalloc.start()
                self.assertFalse(file_text.read(content).is_complete)
                self.assertLess(tracemalloc.get_traced_memory()[1], 25_000_000)
                tracemalloc.stop()
        billion = f"<!DOCTYPE x [{laughs}]><w:document xmlns:w='u/wordprocessingml/main'>&a9;</w:document>"
        self.assertLess(len(file_text.extract(files.packed({"word/document.xml": billion.encode()}))), 10_000)

    def test_entities_do_not_fetch_files(self):
        outside = "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>"
        self.assertNotIn("root", file_text.extract(files.packed({"x.xml": outside.encode()})))


class TestEmbedded(unittest.TestCase):
    def test_files_in_a_text_are_read_however_they_are_wrapped(self):
        letter = f"Dear {NAME}, how are you? See you soon, and give my regards!"
        for content in (files.docx(NAME), files.pdf(NAME), letter.encode()):
            plain = base64.b64encode(content).decode()
            cases = [
                plain,
                base64.encodebytes(content).decode(),
                json.dumps(base64.encodebytes(content).decode()),
                base64.urlsafe_b64encode(content).decode().rstrip("="),
                plain.replace("/", r"\/"),
                f'<a href="data:x/y;base64,{plain}">x</a>',
            ]
            for text in cases:
                with self.subTest(text=text[:30]):
                    self.assertTrue(any(kinds(content) for content in file_text.embedded(text)))

    def test_long_words_are_no_files(self):
        checksum = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        for text in ("", "x", checksum * 2, "a" * 1000, "-" * 1000, "https://" + "x/" * 99):
            with self.subTest(text=text[:30]):
                self.assertFalse(any(map(kinds, file_text.embedded(text))))
