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
            seconds = self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            if self.exists().state != "on" or (steps and seconds <= 0):
                return  # it is switched off, or goes on with the next turn
        if not is_complete:
            raise graph.Stop("server")
        self._finish()

    def _begin(self):
        if not self.is_running:
            self.write({"is_running": True, "turn_counts": {}})

    def _finish(self):
        now = fields.Datetime.now()
        counts = {name: (self.turn_counts or {}).get(name, 0) for name in COUNTS.values()}
        values = {"is_running": False, "last_sync": now, "error": False, "failures": 0, **counts}
        if not self._is_asked_again():
            values["next_sync"] = now + INTERVAL
        self.write(values)

    # ------------------------------------------------------------
    # The folder
    # ------------------------------------------------------------

    def _get_folder_key(self):
        return f"{self.env['crm.outlook.contact']._get_database()}/{self.user_id.id}"

    def _ensure_folder(self, client):
        """Find our folder in the user's Outlook, or make it.

        Where it is another one than before, the user has deleted that, connected another account or begun anew: what is
        in the one that was found is taken over. A folder of that name that is not marked as ours is the user's own and
        is left alone.
        """
        found, taken = self._find_folder(client)
        if found and found == self.folder_ref:
            return
        contacts = self._find_contacts(client, found) if found else []
        links = self.env["crm.outlook.contact"].search([("user_id", "=", self.user_id.id)])
        links._note_lost()
        links._take_over(self.user_id, contacts)
        self.folder_ref = found or self._make_folder(client, taken)

    def _find_folder(self, client):
        """Find the folder that has our key on it.

        :return: its id, None if there is none; the names of the user's own folders
        """
        key, taken = self._get_folder_key(), set()
        self._end_transaction(client)
        # where there are no folders, there is no mailbox
        for folder in client.list_marked(graph.path("contactFolders"), "id,displayName", absent="refused"):
            if graph.get_key(folder) == key:
                return folder["id"], taken
            taken.add(folder.get("displayName"))
        return None, taken

    def _find_contacts(self, client, folder):
        """Find the contacts in a folder that have a key of ours on them; others are the user's own.

        :return: list of ``(key, id at Microsoft)``
        """
        start = f"{self.env['crm.outlook.contact']._get_database()}/"
        self._end_transaction(client)
        contacts = client.list_marked(graph.path("contactFolders", folder, "contacts"), "id")
        return [(key, contact["id"]) for contact in contacts if (key := graph.get_key(contact)).startswith(start)]

    def _make_folder(self, client, taken):
        mark = graph.marked(self._get_folder_key())
        self._end_transaction(client)
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
        rows |= rows._add_missing(self.user_id, cards.keys() - set(rows.partner_id.ids))
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
        rows = self.env["crm.outlook.contact"]
        rows.union(*(step.row for step in steps if step.action == "create")).state = "unsure"
        self._end_transaction(client)
        steps = self._drop_unwelcome(steps)
        if not steps:
            return [], True
        asked = [step.prepare(self.folder_ref) for step in steps]
        self._end_transaction(client)
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

    @staticmethod
    def _drop_unwelcome(steps):
        """Leave out whom nobody may write any more: it was planned minutes ago, somebody may be anonymised since."""
        there = {row.id: row for row in steps[0].row.union(*(step.row for step in steps)).exists()}
        found = [step._replace(row=there[step.row.id]) for step in steps if step.row.id in there]
        return [step for step in found if step.row.partner_id or not step.card]

    def _count(self, done):
        connection = self.exists()
        counts = {name: done[action] for action, name in COUNTS.items() if done[action]}
        if connection and counts:
            connection.turn_counts = Counter(connection.turn_counts or {}) + Counter(counts)

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
