"""Every term of our addons is in their .pot and is translated in each .po, with its placeholders.

The terms are those that Odoo's own exporter finds, in a database with the demo data. To bring the files up to date:
`setup/odoo i18n export -d test -l pot -o crm_salesboard/i18n/crm_salesboard.pot crm_salesboard`, and the new terms
into each .po.
"""

import io
import re
from collections import Counter

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from tests.plugins.server_log import ROOT, our_addons

PLACEHOLDER = re.compile(
    r"%%|%\(\w+\)[#0 +-]*[\d.]*[a-z]|%[#0+-]?[\d.]*[sdfr](?![a-zA-Z])"  # of Python and of _t
    r"|\{\{?[^{}]*\}\}?"
    r"|</?\w[^>]*>|&\w+;"  # of the markup around it
)

WORDS = re.compile(r'\b(title|alt|aria-label|placeholder)="[^"]*"')  # attributes whose values are translated


def shape(text):
    """What a translation has to keep: placeholders, markup, and the blanks around the text."""
    blanks = re.match(r"\s*", text)[0], re.search(r"\s*$", text)[0]
    return Counter(WORDS.sub(r'\1=""', found) for found in PLACEHOLDER.findall(text)), blanks


def where(entry):
    return f"{entry.msgid!r} ({', '.join(sorted(name for name, _line in entry.occurrences)[:3])})"


def places(entry):
    """What Odoo finds the term by when it loads a translation: records by their id, code by its language."""
    records = {name for name, _line in entry.occurrences if not name.startswith("code:")}
    return records | {line for line in entry.comment.splitlines() if line.startswith("odoo-")}


def entries_of(path):
    """The entries of a file in use, by their term."""
    return {entry.msgid: entry for entry in polib.pofile(str(path)) if not entry.obsolete}


def problems_of_template(path, terms):
    """Compare a .pot with what Odoo exports now."""
    if not path.exists():
        return [f"{path.relative_to(ROOT)}: there is no such file"] if terms else []
    committed = entries_of(path)
    missing = [f"lacks {where(terms[term])}" for term in terms.keys() - committed.keys()]
    stale = [f"has {where(committed[term])}, which no longer exists" for term in committed.keys() - terms.keys()]
    moved = [
        f"is out of date on where {where(terms[term])} stands"
        for term in terms.keys() & committed.keys()
        if places(terms[term]) != places(committed[term])
    ]
    return [f"{path.relative_to(ROOT)}: {problem}" for problem in sorted(missing + stale + moved)]


def problems_of_language(path, terms):
    """Look for what a .po leaves out or breaks."""
    committed = entries_of(path)
    problems = []
    for term, entry in terms.items():
        own = committed.get(term)
        if own is None or not own.msgstr.strip():
            problems.append(f"does not translate {where(entry)}")
        elif own.fuzzy:
            problems.append(f"is not sure of {where(entry)}")
        elif shape(own.msgstr) != shape(term):
            problems.append(f"breaks the placeholders, tags or blanks of {where(entry)}: {own.msgstr!r}")
    problems += [f"has {where(committed[term])}, which no longer exists" for term in committed.keys() - terms.keys()]
    return [f"{path.relative_to(ROOT)}: {problem}" for problem in sorted(problems)]


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def _terms(self, addon):
        """The terms that Odoo exports, by their text."""
        buffer = io.BytesIO()
        trans_export(False, [addon.name], buffer, "po", self.env)
        return {entry.msgid: entry for entry in polib.pofile(buffer.getvalue().decode())}

    def test_every_term_is_translated(self):
        problems = []
        for addon in our_addons():
            terms = self._terms(addon)
            files = sorted((addon / "i18n").glob("*.po"))
            if terms and not files:
                problems.append(f"{addon.name}/i18n: translates into no language")
            problems += problems_of_template(addon / "i18n" / f"{addon.name}.pot", terms)
            for path in files:
                problems += problems_of_language(path, terms)
        self.assertFalse(problems, "\n" + "\n".join(problems))


def test_shape_tells_what_a_translation_breaks():
    assert shape("%(lead)s is open.") == shape("Projekt %(lead)s jest otwarty.")
    assert shape("%(lead)s is open.") != shape("%(leads)s is open.")
    assert shape("Period: %s") != shape("Periode")
    assert shape("<b>Drag</b> it") != shape("<b>Sleep</i> het")
    assert shape("of ") != shape("van")
    assert shape('<i class="fa" title="Late"/>') == shape('<i class="fa" title="Te laat"/>')
    assert shape('<i class="fa" title="Late"/>') != shape('<i class="far" title="Te laat"/>')
    assert shape("between 0 and 100 %.") == shape("tussen 0 en 100%.")


def test_problems_of_language(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    terms = {text: polib.POEntry(msgid=text) for text in ("gone: %s", "empty", "doubtful", "broken %(x)s", "good")}
    file = polib.POFile()
    file.extend(
        [
            polib.POEntry(msgid="empty", msgstr=" "),
            polib.POEntry(msgid="doubtful", msgstr="twijfelachtig", flags=["fuzzy"]),
            polib.POEntry(msgid="broken %(x)s", msgstr="kapot %(y)s"),
            polib.POEntry(msgid="good", msgstr="goed"),
            polib.POEntry(msgid="old", msgstr="oud"),
        ]
    )
    file.save(str(tmp_path / "nl.po"))
    assert problems_of_language(tmp_path / "nl.po", terms) == [
        "nl.po: breaks the placeholders, tags or blanks of 'broken %(x)s' (): 'kapot %(y)s'",
        "nl.po: does not translate 'empty' ()",
        "nl.po: does not translate 'gone: %s' ()",
        "nl.po: has 'old' (), which no longer exists",
        "nl.po: is not sure of 'doubtful' ()",
    ]


def test_problems_of_template(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "x.pot"
    place = "model:crm.tag,name:x.tag"
    terms = {text: polib.POEntry(msgid=text, occurrences=[(place, "")]) for text in ("new", "moved", "kept")}
    terms["code"] = polib.POEntry(msgid="code", comment="odoo-python", occurrences=[("code:a.py", "0")])
    assert problems_of_template(path, terms) == ["x.pot: there is no such file"]
    file = polib.POFile()
    for text, name in (("old", place), ("moved", "model:crm.tag,name:x.other"), ("kept", place)):
        file.append(polib.POEntry(msgid=text, occurrences=[(name, "")]))
    file.append(polib.POEntry(msgid="code", comment="odoo-python", occurrences=[("code:b.py", "0")]))
    file.save(str(path))
    assert problems_of_template(path, terms) == [
        f"x.pot: has 'old' ({place}), which no longer exists",
        f"x.pot: is out of date on where 'moved' ({place}) stands",
        f"x.pot: lacks 'new' ({place})",
    ]
