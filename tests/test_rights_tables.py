"""The tables of rights in the READMEs are what Odoo does: each cell of them is tried over RPC."""

from contextlib import closing
from typing import NamedTuple

import pytest

from odoo import Command
from odoo.models import BaseModel
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from tests.plugins.server_log import our_addons
from tests.rights import tables
from tests.rights.records import MADE_FOR_ONESELF, Records

# what whoever is refused is told: by rights, or for want of a session
REFUSALS = ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException")


class Try(NamedTuple):
    """An operation on a record, with what is sent along, and whether the table says that it is done."""

    operation: str
    record: BaseModel
    values: dict | None
    whose: str
    is_allowed: bool


@tagged("post_install", "-at_install")
class TestRightsTables(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_activity_quick_update": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        cls.rights = tables.read_all()
        cls.groups = tables.read_groups((tables.ROOT / "README.md").read_text())
        cls.users = {role: cls._make_user(role, group) for role, group in cls.groups.items()}
        colleague = cls._make_user("colleague", cls.groups["own documents"])
        cls.make = Records(cls.env, colleague, cls._make_user("helper", "base.group_user"))
        # one record of each for all roles, as whatever becomes of it is undone
        models = {right.model for rights in cls.rights.values() for right in rights} & set(cls.env)
        cls.colleagues = {
            model: (cls.make.record(model, colleague), cls.make.values(model, colleague)) for model in sorted(models)
        }

    @classmethod
    def _make_user(cls, role, group):
        if not group:
            return cls.env.ref("base.public_user")
        groups = cls.env.ref(group)
        if group != "base.group_portal":
            groups |= cls.env.ref("base.group_user")
        login = f"rights of {role}"
        values = {"name": login, "login": login, "email": f"{role.replace(' ', '.')}@example.com", "tz": "UTC"}
        return cls.env["res.users"].create({**values, "group_ids": [Command.set(groups.ids)]})

    # --- the tables are complete --------------------------------------------------------------

    def test_every_model_of_ours_is_in_the_table_of_its_addon(self):
        ours = {addon.name for addon in our_addons()}
        models = [model for model in self.env.registry.values() if not model._abstract]
        made = {(model._original_module, model._name) for model in models if model._original_module in ours}
        told = {(addon, right.model) for addon, rights in self.rights.items() for right in rights}
        self.assertFalse(made - told, "in no table")
        self.assertFalse({model for _addon, model in told if model not in self.env}, "in a table, and no model")

    def test_every_role_of_a_table_is_a_group(self):
        roles = {right.role for rights in self.rights.values() for right in rights}
        self.assertLessEqual(roles, set(self.groups))
        self.assertLessEqual(set(tables.ROLES), set(self.groups))

    def test_no_table_has_a_model_twice(self):
        cells = [(right.model, right.role) for rights in self.rights.values() for right in rights]
        self.assertEqual(len(cells), len(set(cells)))

    # --- and true -----------------------------------------------------------------------------

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_each_role_may_do_what_the_tables_say_and_nothing_else(self):
        wrong = []
        for role, user in self.users.items():
            is_known = self.groups[role]
            self.authenticate(user.login if is_known else None, user.login if is_known else None)
            cells = [(addon, right) for addon, rights in self.rights.items() for right in rights if right.role == role]
            for addon, right in cells:
                told = f"{addon}: {role} has “{right.letters or tables.NOTHING}” with {right.model}"
                wrong += [f"{told}, and {problem}" for problem in self._find_untrue(user, right)]
        self.assertFalse(wrong, "\n".join(["The tables of rights are not what Odoo does:", *wrong]))

    def _find_untrue(self, user, right):
        for attempt in self._get_tries(user, right):
            error = self._try(attempt)
            what = f"{attempt.operation} of {attempt.whose}"
            if error and (attempt.is_allowed or not self._is_refusal(user, attempt, error)):
                yield f"{what} fails: {error['name']}: {error['message']}"
            elif not error and not attempt.is_allowed:
                yield f"{what} is done"

    @staticmethod
    def _is_refusal(user, attempt, error):
        """Whether it failed by rights: what nobody may do at all fails before these are asked."""
        asked = attempt.record.browse() if attempt.operation == "create" else attempt.record
        return error["name"] in REFUSALS or not asked.with_user(user).has_access(attempt.operation)

    def _get_tries(self, user, right):
        """A capital letter is tried with a colleague's record, a small one with both, none with what is nearest."""
        theirs, values = self.colleagues[right.model]
        own = None
        if right.letters != right.letters.upper():
            own = self.make.record(right.model, user), self.make.values(right.model, user)
        for letter, operation in tables.OPERATIONS.items():
            if letter in right.letters:
                yield Try(operation, theirs, values, "a colleague's", True)
            elif letter.lower() in right.letters:
                yield Try(operation, *own, "an own one", True)
                if operation != "create" or right.model in MADE_FOR_ONESELF:
                    yield Try(operation, theirs, values, "a colleague's", False)
            else:
                yield Try(operation, *(own or (theirs, values)), "an own one" if own else "a colleague's", False)

    # --- over RPC -----------------------------------------------------------------------------

    def _try(self, attempt):
        """Try something and undo it; return the error, or None when it was done."""
        with closing(self.env.cr.savepoint()):
            error = getattr(self, f"_try_{attempt.operation}")(attempt)
        if not error and attempt.operation != "read":
            self._forget_changes(attempt.record)
        return error

    def _try_create(self, attempt):
        return self._call(attempt, "create", [attempt.values])[1]

    def _try_read(self, attempt):
        """Reading it and finding it has to be one."""
        _values, error = self._call(attempt, "read", attempt.record.ids, [self.make.shown(attempt.record)])
        found, _error = self._call(attempt, "search", [["id", "=", attempt.record.id]])
        self.assertEqual(bool(found), not error, f"{attempt}: what is found is not what may be read")
        return error

    def _try_write(self, attempt):
        return self._call(attempt, "write", attempt.record.ids, self.make.change(attempt.record))[1]

    def _try_unlink(self, attempt):
        return self._call(attempt, "unlink", attempt.record.ids)[1]

    def _call(self, attempt, method, *arguments):
        """Call a method as the web client and programs do.

        :return: ``(result, error)``
        """
        kwargs = {"context": {"active_test": False}}
        call = {"model": attempt.record._name, "method": method, "args": arguments, "kwargs": kwargs}
        answer = self.url_open("/web/dataset/call_kw", json=self.build_rpc_payload(call)).json()
        return answer.get("result"), answer.get("error") and answer["error"]["data"]

    def _forget_changes(self, record):
        """The database has what it had before: let the server know nothing else."""
        if record._name == "crm.custom.field":
            self.registry.registry_invalidated = True
            self.registry.reset_changes()
        self.registry.clear_cache("stable")  # and what depends on it

    # --- for those who have not signed in -----------------------------------------------------

    def test_the_public_user_may_do_nothing_with_our_records(self):
        """Pages for visitors run as this user, whom no call over RPC reaches."""
        public = self.users["public"]
        for rights in self.rights.values():
            for model in {right.model for right in rights}:
                for operation in tables.OPERATIONS.values():
                    with self.subTest(model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(public).has_access(operation))


# --- how tables are read ------------------------------------------------------------------------

HEAD = "| model | " + " | ".join(tables.ROLES) + " |\n|" + "---|" * 10 + "\n"
OTHER = "\n\n## Limits\n\n| model | what |\n|---|---|\n| `crm.x` | no |\n"
README = "# Addon\n\n## Rights\n\nWords.\n\n" + HEAD + "{}" + OTHER


def test_a_row_gives_each_of_its_models_the_letters_of_each_role():
    rights = tables.read_rights(README.format("| `crm.a`, `crm.b.c` | CRwd | – | R" + " | –" * 6 + " |"))
    assert {right.model for right in rights} == {"crm.a", "crm.b.c"}
    assert [right.letters for right in rights if right.model == "crm.b.c"] == ["CRwd", "", "R"] + [""] * 6


@pytest.mark.parametrize(
    "row",
    [
        "| `crm.a` | R |",
        "| crm.a" + " | –" * 9 + " |",
        "| `crm.a` | RC" + " | –" * 8 + " |",
        "| `crm.a` | yes" + " | –" * 8 + " |",
        "| `crm.a` | " + " | –" * 8 + " |",
    ],
)
def test_a_row_that_is_none_is_told(row):
    with pytest.raises(AssertionError):
        tables.read_rights(README.format(row))


def test_a_table_without_a_role_is_told():
    with pytest.raises(AssertionError, match="portal"):
        tables.read_rights(README.format("").replace(" portal |", "").replace("---|" * 10, "---|" * 9))
