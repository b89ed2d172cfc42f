"""Reads the text of a file once for all tests.

The search for what is left of a person reads every file that there is, and in each test nearly all are those of the
demo company: to take a PDF to pieces once more takes longer than the rest of the search.
"""

import hashlib
import sys

ADDON = "odoo.addons.crm_gdpr"


def pytest_collection_finish():
    if ADDON in sys.modules:
        from odoo.addons.crm_gdpr.engine import residue_texts

        residue_texts.read = _once(residue_texts.read)


def _once(read):
    known = {}

    def read_once(content):
        key = hashlib.sha1(content).digest()
        if key not in known:
            known[key] = read(content)
        return known[key]

    return read_once
