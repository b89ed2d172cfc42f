"""What docs/several_servers.md says: its tables are those of the addons, and a job runs on one server at a time."""

import re
from collections import Counter

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from tests.plugins.server_log import ROOT, our_addons

PAGE = ROOT / "docs" / "several_servers.md"
NAMES = {addon.name for addon in our_addons()}


def read_table(heading):
    """The cells of the table below a heading."""
    section = re.split(r"^#+ ", PAGE.read_text(), flags=re.MULTILINE)
    [text] = [part for part in section if part.startswith(f"{heading}\n")]
    rows = [line.strip("|\n ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def is_ours(cls):
    parts = cls.__module__.split(".")
    return parts[:2] == ["odoo", "addons"] and parts[2] in NAMES


@tagged("post_install", "-at_install")
class TestPage(TransactionCase):
    def test_every_address_of_ours_is_told_with_the_database_that_serves_it(self):
        told = [(re.sub(r"[`]| \(\w+\)", "", address), place) for address, place, *_why in read_table("Addresses")]
        self.assertEqual(Counter(told), Counter(self._find_addresses()))

    def _find_addresses(self):
        modules = sorted(self.env["ir.module.module"]._installed())
        for address, endpoint in http._generate_routing_rules(modules, nodb_only=False):
            name = endpoint.func.__name__
            if any(name in vars(cls) for cls in type(endpoint.func.__self__).__mro__ if is_ours(cls)):
                yield address, "replica" if endpoint.routing["readonly"] else "main"

    def test_every_method_of_ours_that_reads_only_is_told(self):
        told = re.findall(r"`([\w.]+)`", "".join(names for names, _what in read_table("Methods of models")))
        self.assertEqual(Counter(told), Counter(sorted(self._find_methods())))

    def _find_methods(self):
        return {
            f"{model}.{name}"
            for model in self.env
            for cls in type(self.env[model]).mro()
            if is_ours(cls)
            for name, method in vars(cls).items()
            if getattr(method, "_readonly", False)
        }

    def test_every_job_of_ours_is_told(self):
        self.assertEqual(
            sorted(name for name, *_how in read_table("Jobs")), sorted(self._find_jobs().mapped("cron_name"))
        )

    def _find_jobs(self):
        data = self.env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "in", list(NAMES))])
        return self.env["ir.cron"].browse(data.mapped("res_id"))

    def test_a_job_that_runs_on_one_server_is_begun_by_no_other_nor_by_hand(self):
        jobs = self._find_jobs()
        with self.registry.cursor() as one, self.registry.cursor() as other:
            theirs = api.Environment(other, SUPERUSER_ID, {})["ir.cron"]
            for job in jobs:
                with self.subTest(job.cron_name):
                    self.assertTrue(theirs._acquire_one_job(one, job.id, include_not_ready=True))
                    self.assertFalse(theirs._acquire_one_job(other, job.id, include_not_ready=True))
                    with self.assertRaises(UserError):
                        theirs.browse(job.id).method_direct_trigger()
            one.rollback()
            self.assertTrue(theirs._acquire_one_job(other, jobs[0].id, include_not_ready=True))
            other.rollback()
