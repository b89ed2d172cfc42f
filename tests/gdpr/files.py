"""What can be read in a file, and files to plant."""

import contextlib
import email
import email.policy
import gzip
import io
import unicodedata
import zipfile

import openpyxl
import pypdf
from PIL import Image
from reportlab.pdfgen import canvas


def pieces(content):
    """What stands in a file: its text as ``str``, and as ``bytes`` the files that are packed in it."""
    try:
        yield content.decode("utf-8")
    except UnicodeDecodeError:
        yield from _strings(content)
    # whatever a broken file makes a reader raise: its bytes were looked at above
    with contextlib.suppress(Exception):
        yield from _packed(content)


def _strings(content):
    """What can be read in a file that is no text, one byte or two to a letter."""
    yield content.decode("utf-8", "replace")
    yield content.decode("latin-1")
    yield content.decode("utf-16-le", "replace")


def _packed(content):
    if content.startswith(b"%PDF"):
        yield from _pdf(content)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield archive.read(member)
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif b"\nContent-Transfer-Encoding:" in content or content.startswith((b"From:", b"Return-Path:", b"Received:")):
        yield from _mail(content)
    elif content.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")):
        image = Image.open(io.BytesIO(content))
        yield " ".join(f"{value}" for value in [*image.info.values(), *image.getexif().values()])


def _pdf(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    yield " ".join(str(value) for value in (reader.metadata or {}).values())
    for page in reader.pages:
        yield page.extract_text()
        for picture in page.images:
            yield picture.data
    for attached in reader.attachments.values():
        yield from attached


def _mail(content):
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        yield " ".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            yield part.get_payload(decode=True)


def looks_like(content, patches):
    """Whether a file is a picture of these four patches, whatever its size and encoding."""
    if not content.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")):
        return False
    with contextlib.suppress(Exception):
        image = Image.open(io.BytesIO(content)).convert("RGB")
        width, height = image.size
        corners = [(x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]
        return all(
            abs(one - other) < 24
            for corner, patch in zip(corners, patches, strict=True)
            for one, other in zip(image.getpixel(corner), patch, strict=True)
        )
    return False


# ------------------------------------------------------------
# Files to plant
# ------------------------------------------------------------


def _western(letter):
    return letter if letter <= "ÿ" else unicodedata.normalize("NFKD", letter.replace("ł", "l"))[0]


def pdf(*lines, title=""):
    """A printed page, in a font that has the letters of Western Europe."""
    content = io.BytesIO()
    page = canvas.Canvas(content)
    page.setTitle(title)
    for number, line in enumerate(lines):
        page.drawString(72, 760 - 20 * number, "".join(map(_western, line)))
    page.save()
    return content.getvalue()


def xlsx(*cells, author=""):
    """A sheet with a row."""
    book = openpyxl.Workbook()
    book.properties.creator = author or "Office"
    book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def docx(*paragraphs):
    """A letter; as Word does it, a word may be cut into runs."""
    text = "".join(
        f"<w:p><w:r><w:t>{words[: len(words) // 2]}</w:t></w:r><w:r><w:t>{words[len(words) // 2 :]}</w:t></w:r></w:p>"
        for words in paragraphs
    )
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{text}</w:body></w:document>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{member}')
    return content.getvalue()
