import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import desk, examples
from ..tools.refusal import IntakeRefusal
from ..tools.transactions import own_transaction
from .crm_intake_source import MANAGER, OFFICER


class _ByManager:
    """An administrator who tries a source out, from anywhere and without a key."""

    def __init__(self, source):
        self.source_id = source.id

    def admit(self, env):
        return env["crm.intake.source"]._get_config(self.source_id)


class CrmIntakeSource(models.Model):
    """What an administrator does with a source: look at its figures, give keys, try it out."""

    _inherit = "crm.intake.source"

    received_count = fields.Integer(compute="_compute_inbox_counts", groups=OFFICER)
    waiting_count = fields.Integer(compute="_compute_inbox_counts", groups=OFFICER)
    test_count = fields.Integer(compute="_compute_inbox_counts", groups=OFFICER)
    intake_lead_count = fields.Integer(string="Leads", compute="_compute_intake_lead_count", groups=OFFICER)
    last_received_at = fields.Datetime(string="Last Received", compute="_compute_inbox_counts", groups=OFFICER)
    valid_key_count = fields.Integer(compute="_compute_valid_key_count", groups=MANAGER)
    examples = fields.Json(compute="_compute_examples", groups=OFFICER)

    def _compute_inbox_counts(self):
        """Tests are counted apart, as they are no figures of the source."""
        groups = self.env["crm.lead.inbox"]._read_group(
            [("source_id", "in", self.ids)],
            ["source_id", "state", "is_test"],
            ["__count", "received_at:max"],
        )
        self.received_count = self.waiting_count = self.test_count = 0
        self.last_received_at = False
        for source, state, is_test, count, received_at in groups:
            if is_test:
                source.test_count += count
                continue
            source.received_count += count
            source.waiting_count += count if state in ("new", "failed") else 0
            source.last_received_at = max(source.last_received_at or received_at, received_at)

    def _compute_intake_lead_count(self):
        counts = dict(self._read_group_leads())
        for source in self:
            source.intake_lead_count = counts.get(source, 0)

    def _read_group_leads(self):
        """Those that the reader may see, so that the list behind the button holds as many."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not leads.has_access("read"):
            return []
        return leads._read_group([("intake_source_id", "in", self.ids)], ["intake_source_id"], ["__count"])

    @api.depends("key_ids.state")
    def _compute_valid_key_count(self):
        for source in self:
            source.valid_key_count = len(source.key_ids.filtered(lambda key: key._is_valid()))

    @api.depends("mapping_ids", "public_id")
    @api.depends_context("lang")
    def _compute_examples(self):
        """A list of ``{"name", "title", "hint", "text"}``, one for each door that a program can use."""
        address = self.get_base_url()
        for source in self:
            source.examples = source._prepare_examples(address)

    def _prepare_examples(self, address):
        lead = examples.sample(self._get_mapped())
        _ = self.env._
        with_key = _("Put a key of this source in the place of %(key)s.", key=examples.KEY)
        schema = _("The description for programs is at %(address)s.", address=f"{address}/leadintake/v1/openapi.json")
        wsdl = _("The WSDL is at %(address)s.", address=f"{address}/leadintake/soap?wsdl")
        user = _("Make a user in the group Lead Intake Program with an API key, and choose it under Keys and Access.")
        return [
            {"name": "xmlrpc", "title": "XML-RPC", "hint": with_key, "text": examples.xmlrpc(address, lead)},
            {"name": "json", "title": "JSON", "hint": f"{with_key} {schema}", "text": examples.json(address, lead)},
            {"name": "soap", "title": "SOAP", "hint": f"{with_key} {wsdl}", "text": examples.soap(address, lead)},
            {"name": "json2", "title": _("Odoo's Own API"), "hint": user, "text": examples.json2(address, lead)},
        ]

    def _get_mapped(self):
        # sudo: what the fields of a lead are called is no secret, but only administrators may read it
        return self.sudo().mapping_ids._as_mapped()

    def copy_data(self, default=None):
        """A copy has no keys, and is to be told from the first."""
        vals_list = super().copy_data(default)
        for source, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=source.name)
        return vals_list

    # ------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------

    def action_new_key(self):
        """Make a key and show it, this one time.

        The key goes to the browser and nowhere else: not into the database, a log, an address or the history.
        """
        self.ensure_one()
        self._check_manager()
        # sudo: nobody writes keys but this, which has checked who asks
        key, record = self.env["crm.intake.key"].sudo()._generate(self)
        self._log_key(self.env._("New key %(name)s.", name=record.display_name))
        return {
            "type": "ir.actions.client",
            "tag": "crm_leadintake.show_key",
            "target": "new",
            "params": {"key": key, "source_name": self.name},
        }

    def _log_key(self, text):
        """Who gave and withdrew keys can be looked up."""
        self._message_log(body=text)

    def _check_manager(self):
        """The source is one that the user may change.

        :raise AccessError: it is not
        """
        self.check_access("write")

    # ------------------------------------------------------------
    # Trying it out
    # ------------------------------------------------------------

    def action_send_test(self):
        """Send a lead as the source would, and show what became of it."""
        self.ensure_one()
        self._check_manager()
        self.env.flush_all()
        try:
            answers = desk.submit(self.env.registry, _ByManager(self), [self._prepare_test()], "test", is_test=True)
        except IntakeRefusal as refusal:
            raise UserError(refusal.detail) from refusal
        # this transaction began before the test came in, and does not see it
        with own_transaction(self.env.registry) as env:
            row_id = env["crm.lead.inbox"].search([("reference", "=", answers[0]["reference"])]).id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test Lead"),
            "res_model": "crm.lead.inbox",
            "res_id": row_id,
            "views": [(False, "form")],
        }

    def _prepare_test(self):
        """Nobody who is known, so that it does not become a duplicate of a customer's lead or of the test before."""
        token = uuid.uuid4().hex[:8]
        lead = examples.sample(
            self._get_mapped(),
            {
                "subject": self.env._("Test lead of %(name)s", name=self.name),
                "contact_name": f"Test {token}",
                "company": f"Test {token}",
                "email": f"test-{token}@example.com",
                "phone": "",
            },
        )
        return lead | {"external_id": f"test-{token}"}

    def action_delete_tests(self):
        """Remove the test leads of the sources, and what came in for them."""
        self._check_manager()
        # sudo: administrators of the intake made these leads, and need not be those of all sales teams
        rows = self.env["crm.lead.inbox"].sudo().search([("source_id", "in", self.ids), ("is_test", "=", True)])
        leads = rows.filtered(lambda row: row.action == "created").lead_id
        kept = self.env["crm.lead.inbox"].sudo().search([("lead_id", "in", leads.ids), ("is_test", "=", False)]).lead_id
        rows.unlink()
        (leads - kept).unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------
    # What came in
    # ------------------------------------------------------------

    def action_view_inbox(self):
        """What came in of the source; the context key ``intake_waiting`` narrows it to what waits."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_leadintake.crm_lead_inbox_action")
        waiting = {"search_default_waiting": 1} if self.env.context.get("intake_waiting") else {}
        action["context"] = {"search_default_source_id": self.id, "search_default_real": 1, **waiting}
        return action

    def action_view_tests(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_leadintake.crm_lead_inbox_action")
        action["context"] = {"search_default_source_id": self.id, "search_default_tests": 1}
        return action

    def action_view_leads(self):
        """The leads of the source, open or not."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads of %(name)s", name=self.name),
            "res_model": "crm.lead",
            "view_mode": "list,kanban,form,graph,pivot",
            "domain": [("intake_source_id", "=", self.id)],
            "context": {"active_test": False, "create": False},
        }
