"""Each addon goes from a company that has used all of them: alone with what needs it, and one after the other.

Too long for every day: ``setup/test --not-standard tests/life/test_uninstall.py``. LIFE_LEADS says how many leads the
company has, LIFE_SEED and LIFE_ORDERS in which orders by chance, and in how many, the addons go.
"""

import os
import random

import pytest

from odoo.modules.loading import load_demo
from odoo.modules.module_graph import ModuleGraph

from tests.life.addons import addon_names, with_dependents
from tests.life.board import open_board, states
from tests.life.checksum import GROUPS_GIVEN
from tests.life.native_crm import open_screens, use

LEADS = int(os.environ.get("LIFE_LEADS", "10000"))
SEED = int(os.environ.get("LIFE_SEED", "19"))
ORDERS = int(os.environ.get("LIFE_ORDERS", "2"))


@pytest.fixture(scope="module")
def with_everything(make_life, all_addons):
    """A company with years of CRM that has taken up all of our addons, and used each of them."""
    life = make_life("used")
    life.fill(LEADS)
    before = states(life)
    life.install(",".join(all_addons))
    life.kept = life.changed()
    open_board(life)
    assert states(life) == before
    use_everything(life, all_addons)
    life.forget()
    return life


def use_everything(life, addons):
    """Have what the demo data shows been made by the company itself, which has no external ids."""
    with life.env() as env:
        env.cr.execute("SELECT max(id) FROM ir_model_data")
        [last] = env.cr.fetchone()
        graph = ModuleGraph(env.cr, mode="load")
        graph.extend(installed(env))
        for node in graph:
            if node.name in addons:
                assert load_demo(env, node, {}, "init"), f"the demo data of {node.name} does not load"
        env.cr.execute("DELETE FROM ir_model_data WHERE id > %s AND module IN %s", [last, tuple(addons)])
        for model in ("crm.lead", "crm.note", "crm.ticket", "crm.gdpr.request", "crm.lead.inbox"):
            env["ir.filters"].create({"name": f"Mine of {model}", "model_id": model, "user_ids": [env.uid]})


def installed(env):
    return env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")


class TestEverything:
    test_tags = frozenset({"life"})

    def test_installing_leaves_all_values_of_ten_thousand_leads_as_they_are(self, with_everything):
        assert with_everything.kept == GROUPS_GIVEN

    @pytest.mark.parametrize("name", addon_names())
    def test_each_addon_goes_with_what_needs_it_and_leaves_nothing(self, make_life, with_everything, name):
        life = make_life(f"without-{name}", of=with_everything)
        uninstalled = with_dependents(name)
        life.uninstall(name)
        with life.env() as env:
            assert not uninstalled & set(installed(env))
        assert life.left_behind(uninstalled) == []
        with life.env() as env:
            use(env)
        life.drop()

    def test_all_go_one_after_the_other(self, make_life, with_everything, all_addons):
        self._go(make_life("one-by-one", of=with_everything), all_addons[::-1])

    @pytest.mark.parametrize("number", range(ORDERS))
    def test_all_go_in_any_order(self, make_life, with_everything, all_addons, number):
        order = all_addons[:]
        random.Random(SEED + number).shuffle(order)
        print(f"order of seed {SEED + number}: {order}")
        self._go(make_life(f"order-{number}", of=with_everything), order)

    def _go(self, life, order):
        gone = set()
        for name in order:
            if name not in gone:
                life.uninstall(name)
                gone |= with_dependents(name)
                assert life.left_behind(gone) == [], f"after {name} of {order}"
                with life.env() as env:
                    open_screens(env)
        with life.env() as env:
            use(env)
        life.drop()
