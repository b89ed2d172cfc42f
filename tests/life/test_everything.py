"""Our addons come to a company that has used Odoo's CRM for years, and all go from it again.

It installs everything once: too long for every day, ``setup/test --not-standard tests/life/test_everything.py``.
"""

from tests.life import leftovers
from tests.life.board import open_board, states
from tests.life.checksum import GROUPS_GIVEN
from tests.life.native_crm import use

LEADS = 500
# Where teams were on the board for a while, Odoo notes when their projects were written last.
WRITTEN = ("write_date", "write_uid")


class TestLifeCycle:
    test_tags = frozenset({"life"})

    def test_years_of_crm_stay_come_onto_the_board_and_are_as_before_when_all_goes(self, make_life, all_addons):
        life = make_life("short")
        life.fill(LEADS)
        before = states(life)

        life.install(",".join(all_addons))
        assert life.changed() == GROUPS_GIVEN
        open_board(life)
        assert states(life) == before

        life.uninstall(*all_addons)
        assert life.left_behind(all_addons) == []
        found = leftovers.inventory(life)
        assert sorted(found - life.inventory - leftovers.KEPT) == []
        assert sorted(life.inventory - found) == []
        assert [name for name in life.changed() if not name.endswith(WRITTEN)] == []
        assert states(life) == before
        with life.env() as env:
            use(env)
