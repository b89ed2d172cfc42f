"""Keeps the documents true: links and pictures are there, each addon has its pages, and each menu path leads somewhere.

A menu path is written in bold, ``**CRM ▸ Sales ▸ Notes**``, and is one of Odoo's menus as a whole. What follows it
on the page (a tab, a button, a setting) is written in italics.
"""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pytest

from odoo.tests import TransactionCase, tagged

from tests.plugins.server_log import ROOT, our_addons
from tests.test_rows import anchor_of

MAX_PICTURE = 150 * 1024
# the page of a role, and the login of the demo data that must see each menu which the page names
ROLES = {
    "SALESPERSON": "sales",
    "SALES_MANAGER": "manager",
    "SERVICE": "service",
    "ACCOUNTANT": "accountant",
    "ADMINISTRATOR": "admin",
    "PRIVACY_OFFICER": "officer",
    "PARTNER_DEVELOPER": None,  # has no login
}
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img\b[^>]*\bsrc=\"([^\"]+)\"")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
ITALIC = re.compile(r"\*[^*]+\*")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
ABROAD = re.compile(r"https?:|mailto:")


class Menu(NamedTuple):
    document: str
    path: tuple


def documents():
    """Return each README and each page of readme/, as paths below the root."""
    return sorted(
        [ROOT / "README.md", *ROOT.glob("readme/*.md"), *(addon / "README.md" for addon in our_addons())],
    )


def prose(text):
    return CODE.sub("", text)


def links(text):
    return ["".join(found) for found in LINK.findall(prose(text))]


def anchors(text):
    """Return the anchors of all headings; the same heading again is numbered, as where Markdown is rendered."""
    found = []
    for heading in HEADING.findall(re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)):
        anchor = anchor_of(heading)
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return found


def why_broken(document, link):
    """Return why a link leads nowhere, or None; what lies outside of the repository is not asked for."""
    if ABROAD.match(link):
        return None
    target, _, anchor = link.partition("#")
    file = (document.parent / target).resolve() if target else document
    if not file.exists():
        return f"{document.relative_to(ROOT)}: {link}: no such file"
    if anchor and anchor not in anchors(file.read_text()):
        return f"{document.relative_to(ROOT)}: {link}: no such heading"
    return None


def menu_paths(text):
    """Return the menu paths of a text, and what looks like one and is not marked."""
    paths, stray = [], []
    for block in re.split(r"\n\s*\n", prose(text)):
        paths += [
            tuple(" ".join(part.split()) for part in words.split("▸")) for words in BOLD.findall(block) if "▸" in words
        ]
        rest = ITALIC.sub("", BOLD.sub("", block))
        stray += [line.strip() for line in rest.splitlines() if "▸" in line]
    return paths, stray


def named_menus():
    return [
        Menu(str(document.relative_to(ROOT)), path)
        for document in documents()
        for path in menu_paths(document.read_text())[0]
    ]


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def description(addon):
    return addon / "static" / "description"


def page(addon):
    return lxml.html.document_fromstring((description(addon) / "index.html").read_text())


def pictures(addon):
    """Return the pictures of the page in the list of apps."""
    return [image.get("src") for image in page(addon).iter("img")]


def assert_none(reasons):
    found = [reason for reason in reasons if reason]
    assert not found, "\n".join(["the documents are not true:", *found])


# --- links and pictures -------------------------------------------------------------------------


def test_each_link_and_picture_of_the_documents_is_there():
    assert_none(why_broken(document, link) for document in documents() for link in links(document.read_text()))


def test_each_page_is_found_from_the_readme():
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in links((ROOT / "README.md").read_text())}
    unlinked = [document for document in documents() if document not in {ROOT / "README.md", *linked}]
    assert_none(f"README.md does not lead to {document.relative_to(ROOT)}" for document in unlinked)


def test_each_role_has_a_page():
    assert_none(f"readme/{name}.md is missing" for name in ROLES if not (ROOT / "readme" / f"{name}.md").is_file())


def test_no_picture_is_large_or_shown_nowhere():
    linked = [(document, link) for document in documents() for link in links(document.read_text())]
    shown = {(document.parent / link).resolve() for document, link in linked}
    shown |= {description(addon) / src for addon in our_addons() for src in pictures(addon)}
    for addon in our_addons():
        for picture in sorted(description(addon).glob("*.png")):
            assert picture.stat().st_size <= MAX_PICTURE, f"{picture}: {picture.stat().st_size} bytes"
            assert picture.name == "icon.png" or picture in shown, f"{picture} is shown nowhere"


# --- each addon ---------------------------------------------------------------------------------

ADDON = pytest.mark.parametrize("addon", our_addons(), ids=lambda addon: addon.name)


@ADDON
def test_the_readme_says_what_it_is_how_to_configure_it_and_what_it_cannot(addon):
    text = (addon / "README.md").read_text()
    headings = HEADING.findall(prose(text))
    assert headings[0] == manifest(addon)["name"]
    assert "Known limits" in headings
    assert "Configure" in headings or "nothing to configure" in " ".join(text.split())


@ADDON
def test_the_limits_of_the_suite_lead_to_those_of_the_addon(addon):
    assert f"../{addon.name}/README.md#known-limits" in links((ROOT / "readme" / "LIMITS.md").read_text())


@ADDON
def test_the_page_in_the_list_of_apps(addon):
    """Odoo shows the page without its head, and looks for pictures beside it: nothing else would be found there."""
    assert (description(addon) / "icon.png").read_bytes().startswith(b"\x89PNG")
    root = page(addon)
    assert root.find(".//h2").text == manifest(addon)["name"]
    assert not [element.tag for element in root.iter("script", "style", "link", "iframe", "form")]
    assert pictures(addon), "it has no picture"
    assert_none(f"{src} is not beside it" for src in pictures(addon) if not (description(addon) / src).is_file())
    assert all(image.get("alt") for image in root.iter("img")), "a picture without a word for who cannot see it"
    addresses = [link.get("href", "") for link in root.iter("a")]
    assert_none(f"{address} leads nowhere" for address in addresses if not ABROAD.match(address))


# --- menus --------------------------------------------------------------------------------------


def test_each_menu_path_is_marked():
    assert_none(
        f"{document.relative_to(ROOT)}: neither bold nor in italics: {line}"
        for document in documents()
        for line in menu_paths(document.read_text())[1]
    )


@tagged("post_install", "-at_install")
class TestMenuPaths(TransactionCase):
    def paths(self, login, debug=False):
        """Return the paths of the menus that a user sees, with all that is above them."""
        user = self.env["res.users"].search([("login", "=", login)])
        menus = self.env["ir.ui.menu"].with_user(user)
        # sudo: only the names of what the user sees, and of what stands above it
        visible = menus.browse(menus._visible_menu_ids(debug=debug)).sudo()
        above = {menu: visible.browse(int(number) for number in menu.parent_path.split("/")[:-1]) for menu in visible}
        return {tuple(chain.mapped("name")) for chain in above.values() if chain <= visible}

    def test_each_menu_path_leads_to_a_menu(self):
        """An administrator sees it, or who has to be at work on privacy; the developer mode is told of beside it."""
        seen = self.paths("admin", debug=True)
        self.assertFalse([menu for menu in named_menus() if menu.path not in seen])

    def test_each_role_sees_the_menus_of_its_page(self):
        for name, login in ROLES.items():
            named = [menu for menu in named_menus() if menu.document == f"readme/{name}.md"]
            with self.subTest(name):
                self.assertTrue(named or not login, "the page names no menu")
                seen = self.paths(login) if login else set()
                self.assertFalse([menu for menu in named if menu.path not in seen])

    def test_odoo_shows_each_page_with_its_pictures(self):
        for addon in our_addons():
            rendered = self.env["ir.module.module"].search([("name", "=", addon.name)]).description_html
            with self.subTest(addon.name):
                shown = [image.get("src") for image in lxml.html.fromstring(rendered).iter("img")]
                self.assertEqual(shown, [f"/{addon.name}/static/description/{src}" for src in pictures(addon)])


# --- the checks themselves ----------------------------------------------------------------------


def test_menu_paths_are_those_in_bold():
    text = "See **CRM ▸ Sales ▸\nNotes**, *My Preferences ▸ Calendar*, `a ▸ b`, **bold**.\n\nCRM ▸ Gone"
    paths, stray = menu_paths(text)
    assert paths == [("CRM", "Sales", "Notes")]
    assert stray == ["CRM ▸ Gone"]


def test_links_are_found_outside_of_code_alone():
    text = '[`a`](a.md) ![b](b.png) <img src="c.png" alt="c"> `[d](d.md)`\n\n```\n[e](e.md)\n```\n'
    assert links(text) == ["a.md", "b.png", "c.png"]


def test_anchors_of_the_same_heading_are_numbered():
    assert anchors("# A b\n## C\n```\n# no\n```\n## C\n") == ["a-b", "c", "c-1"]


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("https://example.com/x", False),
        ("tests/rows.md", False),
        ("tests/no_such_file.md", True),
        ("#set-up", False),
        ("#no-such-heading", True),
        ("crm_salesboard/README.md#known-limits", False),
        ("crm_salesboard/README.md#no-such-heading", True),
    ],
)
def test_why_broken(link, broken):
    assert bool(why_broken(Path(ROOT / "README.md"), link)) is broken
