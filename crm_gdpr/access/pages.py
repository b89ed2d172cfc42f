"""The pages of the archive, which are read without a network and run nothing."""

from odoo.tools import format_date

from ..tools.addresses import hide_keys


def get_path(model, number):
    """Where a page of a model's records is in the archive."""
    return f"pages/{model}{f'-{number + 1}' if number else ''}.html"


class Pages:
    """Renders the pages in the language of the archive."""

    def __init__(self, export, made_at):
        self.export = export
        self.env = export.env
        self.made_at = export.values.format_datetime(made_at)
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        self._common = {
            "html_lang": (lang.iso_code or "en").replace("_", "-"),
            "direction": lang.direction or "ltr",
            "company": self.env.company,
            "made_at": self.made_at,
        }

    def _render(self, template, title, values):
        values = {**self._common, "title": title, **values}
        body = self.env["ir.qweb"]._render(f"crm_gdpr.{template}", values)
        return f"<!DOCTYPE html>\n{body}".encode()

    def render_records(self, head, records, number, has_next):
        """A page of records of a model."""
        links = {
            "previous": get_path(head["model"], number - 1)[len("pages/") :] if number else None,
            "next": get_path(head["model"], number + 1)[len("pages/") :] if has_next else None,
        }
        values = {"records": records, "fields": head["fields"], "links": links, "words": self.export.words}
        return self._render("access_records", head["label"], values)

    def render_files(self, files):
        """The page that lists the files."""
        told = [{**file, "name": file["path"].partition("/")[2], "kb": max(1, file["size"] // 1024)} for file in files]
        return self._render("access_files", self.env._("Files"), {"files": told})

    def render_index(self, contents, file_count):
        """The first page."""
        export = self.export
        values = {
            "name": hide_keys(export.record.display_name or ""),
            "contents": contents,
            "file_count": file_count,
            "photo": export.files.get_photo(),
            "is_anonymised": export.is_anonymised,
            "kept": [
                (why, until and format_date(self.env, until), number) for why, until, number in export.count_kept()
            ],
            "left_out": self.get_left_out(),
            "other_companies": export.reach.get_names(),
        }
        return self._render("access_index", self.env._("Your Personal Data"), values)

    def get_left_out(self):
        """What is not in the archive, and why: ``[(what, why)]``."""
        _ = self.env._
        told = [
            (
                _("Who other people are, in what was written about you"),
                _(
                    "Their names, addresses and numbers are theirs. Who works for us is called “an employee” in"
                    " these texts. What you wrote or received yourself is complete."
                ),
            ),
            (
                _("Records about other people that you have a part in"),
                _("You are told which, when, and what your part is: the rest is about them."),
            ),
            (
                _("Passwords, keys and the like"),
                _("They say nothing about you, and would open your account to whoever gets hold of this archive."),
            ),
        ]
        files = self.export.selection.left_out.get("files")
        if files:
            why = _("They name other people. Ask us what they say about you.")
            told.append((_("Files of ours: %(number)s", number=files), why))
        return told
