"""Files of many kinds that say something."""

import io
import zipfile
from email.message import EmailMessage

import openpyxl
import pypdf
from PIL import Image, PngImagePlugin
from reportlab.pdfgen import canvas

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*texts, title="", link="", value="", attached=None, password=""):
    """A PDF with a page, its texts in columns beside each other, and what else is wanted."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    for place, text in enumerate(texts):
        for line, words in enumerate(text.split("\n")):
            page.drawString(99 + 150 * place, 99 - 20 * line, words)
    page.setTitle(title)
    if link:
        page.linkURL(link, (0, 0, 9, 9))
    if value:
        page.acroForm.textfield(name="field", value=value)
    page.save()
    writer = pypdf.PdfWriter(clone_from=buffer)
    if attached:
        writer.add_attachment("data.xml", attached)
    if password:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def packed(members):
    """An archive of the contents of files by their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def packed_deep(content, depth):
    """An archive in an archive, and so on."""
    for _level in range(depth):
        content = packed({"inside.zip": content})
    return content


def docx(*runs, author=""):
    """A document of one paragraph."""
    text = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{run}</w:t></w:r>" for run in runs)
    core = f'<c:core xmlns:c="core" xmlns:dc="dc"><dc:creator>{author}</dc:creator></c:core>'
    document = f'<w:document xmlns:w="{_WORD}"><w:body><w:p>{text}</w:p></w:body></w:document>'
    return packed({"word/document.xml": document, "docProps/core.xml": core})


def xlsx(*values):
    """A sheet of one row."""
    book = openpyxl.Workbook()
    book.active.append(values)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def odt(text):
    """A document of an open office."""
    first, rest = text[:2], text[2:]
    content = (
        '<o:doc xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<text:p>{first}<text:span>{rest}</text:span></text:p></o:doc>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def mail(text, attached=None, sender="x@example.com"):
    """A mail as it is sent."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "y@example.com", "z"
    message.set_content(text, cte="base64")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="a.docx")
    return message.as_bytes()


def _picture(kind, **options):
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(text, author=""):
    """A photo with a description and, as Windows writes it, an author."""
    exif = Image.Exif()
    exif[0x010E] = text.encode()
    exif[0x9C9D] = author.encode("utf-16-le")
    return _picture("JPEG", exif=exif)


def png(text, compressed=False):
    """A picture with a note."""
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Author", text, zip=compressed)
    return _picture("PNG", pnginfo=notes)
