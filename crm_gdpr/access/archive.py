"""The archive: a ZIP with data.json for programs, pages for people, and files."""

import json
import shutil
import tempfile
import zipfile

from odoo.fields import Datetime

from . import pages

SCHEMA, VERSION = "crm_gdpr.access", 1


class Archive:
    """Writes an archive part by part: no more than a page is in memory.

    Use it in a ``with`` statement; what it needs to finish is written at its end.
    """

    def __init__(self, export, file):
        self.export = export
        self.made_at = Datetime.now()
        self.contents = []
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False)
        self._json = tempfile.TemporaryFile()  # noqa: SIM115
        self._pages = pages.Pages(export, self.made_at)

    def __enter__(self):
        self._put(_dump(self._get_header())[:-1] + ',"models":[')
        return self

    def __exit__(self, kind, _error, _traceback):
        try:
            if kind is None:
                self._finish()
        finally:
            self._json.close()
            self._zip.close()

    def _get_header(self):
        export = self.export
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "made_at": f"{self.made_at.isoformat(timespec='seconds')}Z",
            "made_by": export.env.company.name,
            "language": export.env.lang or "en_US",
            "person": {"model": export.record._name, "id": export.record.id, "anonymised": export.is_anonymised},
        }

    def add_model(self, model, parts):
        """Add the records of a model.

        :param parts: lists of Records, each a page
        """
        headings = self.export.get_headings(model)
        head = {"model": model, "label": self.export.label(model), "fields": headings}
        self._put(("," if self.contents else "") + _dump(head)[:-1] + ',"records":[')
        total = 0
        for number, (records, has_next) in enumerate(_with_next(part for part in parts if part)):
            self._put(("," if number else "") + ",".join(_dump(record.as_json()) for record in records))
            page = self._pages.render_records(head, records, number, has_next)
            self._zip.writestr(pages.get_path(model, number), page)
            total += len(records)
        self._put("]}")
        self.contents.append({"label": head["label"], "path": pages.get_path(model, 0), "number": total})

    def _put(self, text):
        self._json.write(text.encode())

    def add_files(self, files):
        """Add the files, and the page that lists them."""
        files.write(self._zip)
        self._files = list(files.describe())
        if self._files:
            self._zip.writestr("pages/files.html", self._pages.render_files(self._files))

    def _finish(self):
        export = self.export
        tail = {
            "files": self._files,
            "kept": [
                {"reason": why, "until": until and until.isoformat(), "number": number}
                for why, until, number in export.count_kept()
            ],
            "left_out": [{"what": what, "why": why} for what, why in self._pages.get_left_out()],
            "other_companies": export.reach.get_names(),
        }
        self._put("]," + _dump(tail)[1:])
        self._json.seek(0)
        with self._zip.open("data.json", "w", force_zip64=True) as file:
            shutil.copyfileobj(self._json, file)
        self._zip.writestr("index.html", self._pages.render_index(self.contents, len(self._files)))


def _dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _with_next(parts):
    """Yield each part, and whether there is another one."""
    parts = iter(parts)
    part = next(parts, None)
    while part is not None:
        following = next(parts, None)
        yield part, following is not None
        part = following
