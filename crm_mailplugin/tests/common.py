import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.crm_serviceticket.tests.common import TicketCase

ADD_IN = "https://add-in.example/taskpane.html"


class AddIn(HttpCase):
    """Does over HTTP what Odoo's add-in for Outlook does, in its order and with its words."""

    # ------------------------------------------------------------
    # Signing in
    # ------------------------------------------------------------

    def _allow(self, user):
        """Sign in to Odoo and allow the add-in, in the browser window that it opens.

        :return: the code that comes back in the address
        """
        user.password = f"{user.login}-1234"
        self.authenticate(user.login, f"{user.login}-1234")
        asked = {"scope": "outlook", "friendlyname": "Outlook", "info": "some info", "redirect": ADD_IN}
        page = self.url_open(f"/mail_plugin/auth?{urlencode(asked)}").text
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self.url_open("/mail_plugin/auth/confirm", data={**form, "do": "1"}, allow_redirects=False)
        self.authenticate(None, None)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["auth_code"][0]

    def _connect(self, user):
        """The key that the add-in sends from then on."""
        code = self._allow(user)
        # Odoo takes its own route for one that only reads, and tries again when it writes the key.
        with mute_logger("odoo.sql_db", "odoo.http"):
            return self._ask(None, "/mail_plugin/auth/access_token", auth_code=code)["access_token"]

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _call(self, key, path, **params):
        """What the server answers, as the add-in gets it."""
        self.env.flush_all()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        body = {"jsonrpc": "2.0", "id": None, "method": "call", "params": params}
        answer = self.url_open(path, data=json.dumps(body), headers=headers)
        self.env.invalidate_all()
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return answer.json() if is_json else {"error": answer.text}

    def _ask(self, key, path, **params):
        answer = self._call(key, path, **params)
        self.assertNotIn("error", answer)
        return answer["result"]

    def _refused(self, key, path, **params):
        """What is said to the add-in instead of a result."""
        with mute_logger("odoo.http"):
            answer = self._call(key, path, **params)
        self.assertNotIn("result", answer)
        error = answer["error"]
        return error["data"]["message"] if isinstance(error, dict) else error

    def _open(self, user_or_key, partner):
        """Open an e-mail of a known contact."""
        key = user_or_key if isinstance(user_or_key, str) else self._connect(user_or_key)
        return self._ask(key, "/mail_plugin/partner/get", partner_id=partner.id)

    def _email(self, sender, text="<p>Please call me.</p>"):
        """An e-mail as the add-in hands it over: a page, with who wrote it on top and where it is from below."""
        return (
            f"<html><head></head><body><div>From : {sender}</div>{text}<br>"
            '<div class="text-muted font-italic">Logged from <a href="https://www.odoo.com">Outlook Inbox</a></div>'
            "</body></html>"
        )

    def _log(self, key, record, message, attachments=(), model=None):
        return self._ask(key, "/mail_plugin/log_mail_content", **self._logging(record, message, attachments, model))

    def _logging(self, record, message, attachments=(), model=None):
        model = model or {"crm.ticket": "helpdesk.ticket"}.get(record._name, record._name)
        return {"res_id": record.id, "model": model, "message": message, "attachments": list(attachments)}


class AddInCase(TicketCase, AddIn):
    """The add-in, with the cast of the Sales Board and of tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Salespeople of a real company make contacts.
        cls.sales.group_ids |= cls.env.ref("base.group_partner_manager")
