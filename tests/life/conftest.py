import logging
from contextlib import closing

import pytest

from tests.gdpr.installation import Company, World
from tests.life import leftovers
from tests.life.addons import addon_names, native_needs
from tests.life.checksum import Rows
from tests.life.native import fill
from tests.plugins.server_log import problems_in


class Life(Company):
    """A company's Odoo that our addons come to, and go from."""

    def fill(self, leads):
        """Give it years of CRM, and write down what it has then."""
        # what they bring along of Odoo's own stays when they go
        self.install(",".join(native_needs()))
        with self.env() as env:
            # which addons there are is known as soon as somebody looks, whether one is installed or not
            env["ir.module.module"].update_list()
            fill(env, leads)
        self.forget()
        self.remember()

    def install(self, modules):
        """Install modules, without demo data: the template's modules have theirs, and so would what depends on them."""
        self.set_demo(False)
        super().install(modules)
        self.forget()

    def set_demo(self, has_demo):
        """Odoo loads the demo data of a module where all that it depends on has its own."""
        with closing(self.connect()) as connection, connection, connection.cursor() as cursor:
            cursor.execute("UPDATE ir_module_module SET demo = %s WHERE state = 'installed'", [has_demo])

    def remember(self):
        """Write down what there is now."""
        self.rows = Rows(self)
        self.inventory = leftovers.inventory(self)
        self.odoos_orphans = leftovers.orphans(self)
        self.forget()

    def changed(self):
        """The columns of what the company had that are not as they were."""
        return self.rows.changed(self)

    def left_behind(self, uninstalled):
        """What our addons have left, beside what Odoo leaves of itself.

        :param uninstalled: technical names
        """
        return sorted(leftovers.orphans(self, uninstalled) - self.odoos_orphans)

    def odoo(self, *arguments, script=""):
        """Run Odoo's command line on the database to its end, without a warning that nobody expects."""
        start = self.log.stat().st_size
        super().odoo(*arguments, script=script)
        self.forget()
        with self.log.open("rb") as log:
            log.seek(start)
            problems = problems_in(log.read().decode(errors="replace").splitlines())
        assert not problems, "\n".join(problems)

    def odoo_with_warnings(self, *arguments):
        """The same, where code of earlier versions runs, which may warn of what nobody knew then."""
        super().odoo(*arguments)
        self.forget()


@pytest.fixture(scope="session", autouse=True)
def quiet_libraries():
    """The mail server tells of every step."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def world():
    """Who takes the mails, and answers for services in the web."""
    with World() as world:
        yield world


@pytest.fixture(scope="session")
def make_life(tmp_path_factory, world):
    """Make a company of the set-up's template, or of another company; all are dropped in the end."""
    made = []

    def make(name, of=None):
        log = tmp_path_factory.mktemp("life") / f"{name}.log"
        log.touch()
        life = Life(f"test-life-{name}", log)
        made.append(life)
        if of:
            of.forget()
            life.copy(of.database)
            life.rows, life.inventory, life.odoos_orphans = of.rows, of.inventory, of.odoos_orphans
        else:
            life.copy_template()
            with life.env() as env:
                world.connect(env)
        return life

    yield make
    for life in made:
        life.drop()


@pytest.fixture(scope="session")
def all_addons():
    """The technical names of our addons, each after those that it needs."""
    return addon_names()
