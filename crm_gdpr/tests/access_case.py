import io
import json
import re
import zipfile

from lxml import html

from ..access.export import Export
from .common import PrivacyCase


class Opened:
    """An archive as the person gets it."""

    def __init__(self, content):
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()
        self.data = json.loads(self.read("data.json"))
        self.pages = {name: self.read(name) for name in self.names if name.endswith(".html")}
        self.everything = "\n".join(
            self.names + [self.zip.read(name).decode("utf-8", "replace") for name in self.names]
        )

    def read(self, name):
        return self.zip.read(name).decode()

    def records(self, model):
        """The records of a model, by id."""
        found = [part for part in self.data["models"] if part["model"] == model]
        return {record["id"]: record for part in found for record in part["records"]}

    def text(self, page):
        """What stands on a page."""
        return re.sub(r"\s+", " ", html.fromstring(self.pages[page].encode()).text_content())

    def files(self):
        return sorted(name for name in self.names if name.startswith("files/"))


class AccessCase(PrivacyCase):
    """Jane, who asks for her data; Karl, of whom nothing may be in it; and Mara, who works here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mara = cls._make_user("mara", "sales_team.group_sale_manager")
        cls.mara.name = "Mara Worker"
        cls.jane = cls._make_contact(
            "Jane Quillfeather",
            email="jane@quillfeather.example",
            phone="+31 6 48739156",
            street="Kwikstaartkade 417",
            comment="<p>Prefers mornings</p>",
        )
        cls.karl = cls._make_contact(
            "Karl Oddington", email="karl@oddington.example", phone="+31 6 29158347", street="Wad 3"
        )

    def export(self, record=None, lang=None):
        """The archive of a contact or lead, as an officer gets it."""
        file = io.BytesIO()
        env = self.env(user=self.officer)
        Export(env, (record if record is not None else self.jane).with_env(env), lang or "en_US").write(file)
        return Opened(file.getvalue())

    def make_lead(self, **values):
        return self.env["crm.lead"].create({"name": "Roof", "user_id": self.mara.id, "type": "opportunity", **values})

    def note(self, record, body, author=None, **values):
        """A message that was written long ago."""
        return self.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "body": body,
                "author_id": (author or self.mara.partner_id).id,
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_note").id,
                **values,
            }
        )

    def attach(self, record, name, content, mimetype="text/plain"):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": content, "mimetype": mimetype, "res_model": record._name, "res_id": record.id}
        )

    def assert_told(self, archive, *words):
        missing = [word for word in words if word not in archive.everything]
        self.assertFalse(missing, "these are missing in the archive")

    def assert_untold(self, archive, *words):
        told = [word for word in words if word in archive.everything]
        self.assertFalse(told, "these must not be in the archive")
