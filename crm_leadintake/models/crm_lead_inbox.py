import json

from odoo import api, fields, models
from odoo.tools import SQL

DOORS = [
    ("xmlrpc", "XML-RPC"),
    ("rpc", "Odoo's own API"),
    ("json", "JSON"),
    ("soap", "SOAP"),
    ("form", "Form"),
    ("email", "E-mail"),
    ("test", "Test"),
]
# What was done with rows whose lead is that of their sender too; one that was refused names whose duplicate it was.
WITH_LEAD = ("created", "updated", "linked", "noted")


class CrmLeadInbox(models.Model):
    """What came in: a row for every lead that was accepted, kept before it is answered, whatever happens then."""

    _name = "crm.lead.inbox"
    _inherit = ["mail.thread"]
    _description = "Lead Inbox"
    _order = "id desc"
    _rec_names_search = ["external_id", "reference"]

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    door = fields.Selection(DOORS, required=True, readonly=True)
    is_test = fields.Boolean(string="Test", readonly=True)
    reference = fields.Char(required=True, readonly=True, copy=False, help="Our public id of it.")
    external_id = fields.Char(string="External ID", readonly=True, index="btree_not_null")
    dedup_key = fields.Char(readonly=True, help="What makes it the same as another of its source.")
    content_hash = fields.Char(readonly=True)
    payload = fields.Text(string="Content", readonly=True, help="As it came in, as JSON. Emptied after some time.")
    is_emptied = fields.Boolean(string="Content Emptied", readonly=True)
    state = fields.Selection(
        [
            ("new", "Received"),
            ("failed", "To Correct"),
            ("done", "Lead"),
            ("duplicate", "Duplicate"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="new",
        readonly=True,
        group_expand="_expand_states",
    )
    action = fields.Selection(
        [
            ("created", "Lead made"),
            ("updated", "Lead updated"),
            ("linked", "Linked"),
            ("noted", "Note added"),
            ("rejected", "Rejected"),
        ],
        string="What Was Done",
        readonly=True,
    )
    problems = fields.Json(readonly=True, help="The rules that it breaks, or why it was rejected.")
    warnings = fields.Json(readonly=True, help="What was left out of it.")
    reason = fields.Text(compute="_compute_reason", search="_search_reason")
    attempts = fields.Integer(readonly=True)
    answer = fields.Json(readonly=True, help="What the sender was told first.")
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="set null", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    assignment = fields.Json(readonly=True, help="By which rule it was assigned, and its turn.")
    to_announce = fields.Boolean(readonly=True, help="Its new lead has no followers yet, and nobody was told of it.")
    received_at = fields.Datetime(readonly=True, required=True, index=True, default=fields.Datetime.now)
    # when the content was replaced or corrected; empty as long as it is what came first
    content_at = fields.Datetime(string="Content Of", readonly=True)
    processed_at = fields.Datetime(readonly=True)
    taken_up_at = fields.Datetime(readonly=True, help="When somebody first worked on the lead.")
    processing_seconds = fields.Float(readonly=True, aggregator="avg", help="From receiving it to making the lead.")
    take_up_hours = fields.Float(
        string="Hours to Take Up",
        readonly=True,
        aggregator="avg",
        help="From receiving it to the first work on the lead.",
    )

    _once = models.UniqueIndex("(source_id, dedup_key) WHERE dedup_key IS NOT NULL")
    _reference_unique = models.UniqueIndex("(reference)")
    _waiting = models.Index("(id) WHERE state = 'new'")
    _to_correct = models.Index("(source_id) WHERE state = 'failed'")
    _to_announce = models.Index("(id) WHERE to_announce IS TRUE")
    _not_taken_up = models.Index("(lead_id) WHERE taken_up_at IS NULL AND lead_id IS NOT NULL")

    @api.model
    def _expand_states(self, _states, _domain):
        """All columns there are, and first what somebody has to do something about."""
        return ["failed", "new", "done", "duplicate", "rejected"]

    @api.depends("external_id", "reference")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.external_id or (row.reference or "")[:8]

    @api.depends("problems", "warnings")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = "\n".join(map(self._describe_problem, [*(row.problems or []), *(row.warnings or [])]))

    @api.model
    def _search_reason(self, operator, value):
        """What was broken is kept by rule and field, so these are what can be searched."""
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        pattern = f"%{value.strip('%')}%"
        return [
            ("id", "in", SQL("SELECT id FROM crm_lead_inbox WHERE problems::text ILIKE %s", pattern)),
        ]

    def _get_values(self):
        """The content of a row as a dictionary."""
        self.ensure_one()
        return json.loads(self.payload or "{}")
