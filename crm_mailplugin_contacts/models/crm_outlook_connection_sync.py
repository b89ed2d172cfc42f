from collections import Counter, deque

from odoo import fields, models

from ..tools import contact_card, graph
from .crm_outlook_connection import INTERVAL
from .crm_outlook_contact import Step

# The folder, unless the user has one of that name.
FOLDER_NAMES = ("Odoo", "Odoo CRM", "Odoo 2", "Odoo 3")
COUNTS = {"create": "created_count", "update": "updated_count", "remove": "removed_count"}


class CrmOutlookConnection(models.Model):
    """One user's turn: what is in Outlook is compared with what should be, and the difference is sent.

    Before anything is sent it is committed that it may be there soon; then no row is locked and no transaction is open
    while Microsoft works. Who dies in between leaves that behind, and it is looked for before it is made again: each
    contact at Outlook has our key on it.
    """

    _inherit = "crm.outlook.connection"

    def _sync(self):
        """Do what there is to do for the user, as long as there is time.

        :raise tools.graph.Stop: Microsoft does not go along
        """
        self._begin()
        client = self._get_graph()
        self._ensure_folder(client)
        steps = deque(self._plan())
        is_complete = True
        while steps:
            chunk = [steps.popleft() for _step in range(min(graph.BATCH, len(steps)))]
            follow_ups, is_done = self._send(client, chunk)
            steps.extend(follow_ups)
            is_complete = is_complete and is_done
            if not self._go_on():
                return
        if not is_complete:
            raise graph.Stop("server")
        self._finish()

    def _begin(self):
        if not self.is_running:
            self.write({"is_running": True, **dict.fromkeys(COUNTS.values(), 0)})

    def _finish(self):
        now = fields.Datetime.now()
        self.write(
            {"is_running": False, "last_sync": now, "next_sync": now + INTERVAL, "error": False, "failures": 0}
        )

    def _go_on(self):
        """Commit, and tell whether there is time, and the user has not switched it off meanwhile."""
        seconds = self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()
        return seconds > 0 and self.exists().state == "on"

    def _end_transaction(self):
        """Before Microsoft is asked: with the token at hand, so that none is begun meanwhile."""
        self._get_token()
        self.env["ir.cron"]._commit_progress()

    # ------------------------------------------------------------
    # The folder
    # ------------------------------------------------------------

    def _get_folder_key(self):
        return f"{self.env['crm.outlook.contact']._get_database()}/{self.user_id.id}"

    def _ensure_folder(self, client):
        """Find our folder in the user's Outlook, or make it.

        Where it is another one than before, the user has deleted that or connected another account: what was in it is
        sent anew. A folder of that name that is not marked as ours is the user's own and is left alone.
        """
        found, taken = self._find_folder(client)
        if found and found == self.folder_ref:
            return
        links = self.env["crm.outlook.contact"].search([("user_id", "=", self.user_id.id)])
        links._note_lost(is_unsure=bool(found))
        if not found:
            links.filtered(lambda link: not link.partner_id).unlink()  # they went with the folder
        self.write({"folder_ref": found or self._make_folder(client, taken), "looks_first": bool(found)})

    def _find_folder(self, client):
        """Find the folder that has our key on it.

        :return: its id, None if there is none; the names of the user's own folders
        """
        expand = f"singleValueExtendedProperties($filter=id eq '{graph.PROPERTY}')"
        path, params, key = graph.path("contactFolders"), {"$top": "100", "$expand": expand}, self._get_folder_key()
        taken = set()
        self._end_transaction()
        while path:
            answer = client.call("GET", path, params=params)
            if not answer.is_ok:
                raise graph.Stop("server")
            for folder in answer.body.get("value", ()):
                if any(mark.get("value") == key for mark in folder.get("singleValueExtendedProperties") or ()):
                    return folder["id"], taken
                taken.add(folder.get("displayName"))
            path, params = client.get_next(answer), None
        return None, taken

    def _make_folder(self, client, taken):
        mark = graph.marked(self._get_folder_key())
        self._end_transaction()
        for name in (name for name in FOLDER_NAMES if name not in taken):
            body = {"displayName": name, "singleValueExtendedProperties": mark}
            answer = client.call("POST", graph.path("contactFolders"), body)
            if answer.is_ok and answer.body.get("id"):
                return answer.body["id"]
            if answer.status != 409:  # there is one of that name
                break
        raise graph.Stop("server")

    # ------------------------------------------------------------
    # What there is to do
    # ------------------------------------------------------------

    def _plan(self):
        """What has to be sent, and the rows of what is new.

        :return: list of Step
        """
        cards = self._for_owner()["res.partner"]._get_outlook_cards()
        rows = self.env["crm.outlook.contact"].search([("user_id", "=", self.user_id.id)])
        rows |= rows._add_missing(self.user_id, cards.keys() - set(rows.partner_id.ids), is_unsure=self.looks_first)
        steps = [step for row in rows if (step := self._plan_one(row, cards.get(row.partner_id.id)))]
        # of those nothing is there
        rows.filtered(lambda row: row._is_nowhere() and row.partner_id.id not in cards).unlink()
        return steps

    def _plan_one(self, row, card):
        mark = contact_card.digest(row.key, card) if card else ""
        if row.state == "unsure":
            return Step("look", row, card, mark)
        if not card:
            return Step("remove", row, None, "") if row.remote_ref else None
        if row.fingerprint == mark:
            return None  # it is like that already, or Microsoft does not want it like that
        return Step("update" if row.remote_ref else "create", row, card, mark)

    # ------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------

    def _send(self, client, steps):
        """Send up to twenty steps, and write down what became of each.

        :return: list of the Steps that follow from it; whether all were done or refused for good
        :raise tools.graph.Stop: Microsoft does not go along
        """
        folder = self.folder_ref
        asked = [step.prepare(folder) for step in steps]
        rows = self.env["crm.outlook.contact"]
        rows.union(*(step.row for step in steps if step.action == "create")).state = "unsure"
        self._end_transaction()
        answers = client.batch(asked)
        follow_ups, done, is_complete = [], Counter(), True
        # what was switched off meanwhile is not written any more
        there = rows.union(*(step.row for step in steps)).exists()
        for step, answer in zip(steps, answers, strict=True):
            if step.row not in there:
                continue
            outcome = step.row._take_answer(step, answer)
            follow_ups += outcome.follow_ups
            done[step.action] += outcome.is_done
            is_complete = is_complete and not outcome.is_put_off
        self._count(done)
        self._check_all(answers)
        return follow_ups, is_complete

    def _count(self, done):
        connection = self.exists()
        changes = {name: connection[name] + done[action] for action, name in COUNTS.items() if done[action]}
        if changes:
            connection.write(changes)

    def _check_all(self, answers):
        """Stop where one of the answers is about all of them: what the others said is written down first."""
        throttled = [answer for answer in answers if answer.is_throttled]
        if throttled:
            raise graph.Stop("throttled", max(answer.wait for answer in throttled) or graph.WAIT)
        for answer in answers:
            if answer.status in (401, 403):
                graph.Graph.check(answer)

    # ------------------------------------------------------------
    # The end
    # ------------------------------------------------------------

    def _leave(self):
        """Remove the folder with all that is in it, and forget the connection.

        :raise tools.graph.Stop: Microsoft does not go along: it is tried again
        """
        client = self._get_graph()
        folder, _taken = self._find_folder(client)
        if folder:
            answer = client.call("POST", graph.path("contactFolders", folder, "permanentDelete"))
            if not answer.is_ok and answer.status != 404:
                raise graph.Stop("server")
        self._forget()
