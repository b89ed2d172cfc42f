"""The person's files: those on their own records, of their messages, and the printed copies of their invoices."""

import mimetypes
import os
import re
import zipfile
from collections import defaultdict

from odoo.tools import SQL

from ..tools.file_text import extract

# run what is written in them where they are opened
ACTIVE = re.compile(r"html|svg|xml|javascript", re.IGNORECASE)
COMPRESSED = re.compile(r"image/(?!svg|bmp)|video/|audio/|zip|pdf|openxmlformats")
LONGEST_NAME = 100
# larger ones are pictures and films
LARGEST_READ = 32 * 1024 * 1024


class Files:
    """The files of a selection, and where they are in the archive: ``paths`` is ``{attachment id: path}``."""

    def __init__(self, env, selection, people):
        self.env = env
        self.selection = selection
        self.people = people
        self._find()
        self.paths = {}
        self.sizes = {}
        self._choose()

    def _find(self):
        """The attachments, and which messages they were sent with."""
        self._messages = defaultdict(set)
        self.env.cr.execute(
            SQL(
                "SELECT attachment_id, message_id FROM message_attachment_rel WHERE message_id = ANY(%s)",
                list(self.selection.messages),
            )
        )
        for attachment_id, message_id in self.env.cr.fetchall():
            self._messages[attachment_id].add(message_id)
        ids = self.selection.theirs["ir.attachment"] | self._messages.keys()
        ids = self.selection.reach.leave_out("ir.attachment", ids)
        self.env.cr.execute(
            SQL(
                """
                SELECT id, name, mimetype, file_size, res_model, res_id, res_field FROM ir_attachment
                 WHERE id = ANY(%s) AND (store_fname IS NOT NULL OR db_datas IS NOT NULL) ORDER BY id
                """,
                list(ids),
            )
        )
        self._rows = [row for row in self.env.cr.fetchall() if not self._is_copy(*row)]

    def _is_copy(self, _id, _name, _mimetype, _size, model, _res_id, res_field):
        """A picture in another size."""
        field = self.env[model]._fields.get(res_field) if res_field and model in self.env else None
        return bool(res_field and (field is None or field.related or field.compute))

    def _choose(self):
        for row_id, name, mimetype, size, model, res_id, res_field in self._rows:
            if self._may_be_given(row_id, size, model, res_id, res_field):
                self.paths[row_id] = f"files/{row_id}-{self._get_name(name, mimetype, res_field)}"
                self.sizes[row_id] = size or 0
            else:
                self.selection.left_out["files"] += 1
        self.env.invalidate_all(flush=False)

    def _may_be_given(self, row_id, size, model, res_id, res_field):
        """What they wrote or received they have; what colleagues put on their records may be about others as well."""
        if any(self.selection.messages[message] != "about" for message in self._messages[row_id]):
            return True
        if res_field or model == "account.move" or (size or 0) > LARGEST_READ:
            return True
        attachment = self.env["ir.attachment"].browse(row_id)
        text = extract(attachment.raw or b"", attachment.mimetype or "", attachment.name or "")
        attachment.invalidate_recordset(flush=False)
        return not self.people.names_others(f"{attachment.name} {text}")

    def _get_name(self, name, mimetype, res_field):
        """A name that is one on every system, and does not make anything run."""
        name = self.people.take_out(name or "")
        name = re.sub(r"[^\w.() +-]", "_", name).strip(". ")[-LONGEST_NAME:] or "file"
        if res_field or "." not in name:
            name += mimetypes.guess_extension(mimetype or "") or ""
        is_active = ACTIVE.search(mimetype or "") or ACTIVE.search(mimetypes.guess_type(name)[0] or "")
        is_office = "openxmlformats" in (mimetype or "")
        return f"{name}.txt" if is_active and not is_office else name

    # ------------------------------------------------------------
    # What is told of them
    # ------------------------------------------------------------

    def get_of_messages(self, ids):
        """Return the paths of the files of messages, ``{message id: [path]}``."""
        paths = defaultdict(list)
        for attachment_id, messages in self._messages.items():
            for message_id in messages.intersection(ids) if attachment_id in self.paths else ():
                paths[message_id].append(self.paths[attachment_id])
        return paths

    def get_of(self, model):
        """Return the paths of the files of a model's rows, ``{row id: [path]}``."""
        paths = defaultdict(list)
        for row_id, _name, _mimetype, _size, of, res_id, _res_field in self._rows:
            if of == model and row_id in self.paths:
                paths[res_id].append(self.paths[row_id])
        return paths

    def get_photo(self):
        """Return the path of the person's picture, or nothing."""
        wanted = ("res.partner", "image_1920")
        found = [self.paths.get(row[0]) for row in self._rows if (row[4], row[6]) == wanted]
        main = [path for path in found if path]
        return main[0] if main else None

    def describe(self):
        """Yield what JSON tells of each file."""
        for row_id, _name, mimetype, size, model, res_id, _res_field in self._rows:
            if row_id in self.paths:
                yield {
                    "path": self.paths[row_id],
                    "mimetype": mimetype or None,
                    "size": size or 0,
                    "record": {"model": model, "id": res_id} if model and res_id else None,
                }

    def write(self, archive):
        """Put the files into a ZIP, each read in parts."""
        for row_id, path in self.paths.items():
            attachment = self.env["ir.attachment"].browse(row_id)
            stored = attachment.store_fname and attachment._full_path(attachment.store_fname)
            kind = zipfile.ZIP_STORED if COMPRESSED.search(attachment.mimetype or "") else zipfile.ZIP_DEFLATED
            if stored and os.path.isfile(stored):
                archive.write(stored, path, compress_type=kind)
            else:
                archive.writestr(path, attachment.raw or b"", compress_type=kind)
            attachment.invalidate_recordset(flush=False)
