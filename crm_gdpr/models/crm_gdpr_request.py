from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.selection import get_records

STATES = [
    ("draft", "New"),
    ("previewing", "Being Previewed"),
    ("planned", "Previewed"),
    ("running", "Running"),
    ("stopped", "Stopped"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]


class CrmGdprRequest(models.Model):
    """The anonymisation of some persons: previewed, carried out, and reported on.

    How to use it from code, as a privacy officer::

        request = env["crm.gdpr.request"]._make(partners)
        request.action_preview()      # counts what goes and what stays; changes nothing
        request.action_carry_out()    # has it done by a job: env["crm.gdpr.request"]._cron_carry_out()
        request.line_ids.mapped("state")   # done, refused, changed (look again), failed
    """

    _name = "crm.gdpr.request"
    _description = "Anonymisation"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    reason = fields.Selection(
        [
            ("request", "Asked for by the person"),
            ("retention", "Kept long enough"),
            ("replay", "Done before, and restored from a backup"),
            ("other", "Other"),
        ],
        required=True,
        default="request",
    )
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, index=True)
    user_id = fields.Many2one(
        "res.users", string="Officer", required=True, readonly=True, default=lambda self: self.env.user
    )
    needs_approval = fields.Boolean(readonly=True, copy=False)
    previewer_id = fields.Many2one(
        "res.users", string="Previewed By", readonly=True, copy=False, help="In whose name the job previews it."
    )
    approver_id = fields.Many2one("res.users", string="Approved By", readonly=True, copy=False)
    starter_id = fields.Many2one(
        "res.users", string="Carried Out By", readonly=True, copy=False, help="In whose name the job does it."
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        readonly=True,
        copy=False,
        help="Whose contacts and leads these are, and whose records go along with them.",
    )
    reach_ids = fields.Many2many(
        "res.company",
        "crm_gdpr_request_reach_rel",
        string="Previewed For",
        readonly=True,
        copy=False,
        help="The companies that the officer had chosen.",
    )
    planned_at = fields.Datetime(string="Previewed On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Finished On", readonly=True, copy=False)
    line_ids = fields.One2many("crm.gdpr.request.line", "request_id", string="Persons", copy=False)
    person_count = fields.Integer(string="Number of Persons", compute="_compute_counts")
    previewed_count = fields.Integer(string="Looked At", compute="_compute_counts")
    done_count = fields.Integer(string="Anonymised", compute="_compute_counts")
    open_count = fields.Integer(string="To Do", compute="_compute_counts")
    problem_count = fields.Integer(string="Not Done", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    scan_state = fields.Selection(
        [
            ("clean", "Nothing found"),
            ("kept", "Only what may stay"),
            ("found", "Found"),
            ("broken", "Not finished"),
        ],
        string="Search for Remains",
        readonly=True,
        copy=False,
    )

    unread = fields.Json(readonly=True, copy=False, help="Files and tables that the search could not read.")

    @api.depends("create_date")
    def _compute_name(self):
        for request in self:
            request.name = self.env._("Anonymisation %(number)s", number=request.id or "")

    @api.depends("line_ids.state", "state")
    def _compute_counts(self):
        groups = self.env["crm.gdpr.request.line"]._read_group(
            [("request_id", "in", self.ids)], ["request_id", "state"], ["__count"]
        )
        counts = {}
        for request, state, count in groups:
            counts.setdefault(request.id, {})[state] = count
        for request in self:
            told = counts.get(request.id, {})
            request.person_count = sum(told.values())
            request.done_count = told.get("done", 0)
            request.open_count = told.get("draft", 0) + told.get("planned", 0)
            request.problem_count = request.person_count - request.done_count - request.open_count
            request.previewed_count = request.person_count - told.get("draft", 0)
            is_previewing = request.state == "previewing"
            finished = request.previewed_count if is_previewing else request.person_count - request.open_count
            request.progress = 100 * finished / request.person_count if request.person_count else 0

    def write(self, vals):
        """Officers change the reason alone, as long as nothing is done; all else is done by actions.

        :raise AccessError: for anything else, so that nobody approves or closes a request past the actions
        """
        if not self.env.su:
            is_open = all(request.state in ("draft", "planned") for request in self)
            if vals.keys() - {"reason"} or not is_open:
                raise AccessError(self.env._("What becomes of a request is changed by its buttons alone."))
        changed = self.filtered(lambda request: "reason" in vals and request.reason != vals["reason"])
        result = super().write(vals)
        changed._note("reason_changed")
        return result

    def _as_officer(self):
        """The request with the rights to change it.

        :raise AccessError: for everybody but privacy officers
        """
        self.check_access("write")
        # sudo: checked just now, and the actions change nothing but requests and what is anonymised by them
        return self.sudo()

    @api.model
    def _make(self, partners=None, leads=None, **values):
        """Return a new request for contacts and for leads without a contact; it only lists them.

        :raise UserError: without anybody, and of leads that have a contact
        :raise AccessError: for everybody but privacy officers, and for contacts and leads of others' companies
        """
        partners = partners or self.env["res.partner"]
        leads = leads or self.env["crm.lead"]
        # sudo: whether a lead has a customer, for officers who do not sell
        if leads.sudo().partner_id:
            raise UserError(self.env._("A lead with a customer is anonymised with the customer: choose the contact."))
        if not partners and not leads:
            raise UserError(self.env._("Choose the contacts to anonymise first."))
        companies = self._check_companies(partners) | self._check_companies(leads)
        request = self._as_officer().create({"company_ids": [Command.set(companies.ids)], **values})
        request.line_ids.create(
            [
                *({"request_id": request.id, "partner_id": partner_id} for partner_id in partners.ids),
                *({"request_id": request.id, "lead_id": lead_id} for lead_id in leads.ids),
            ]
        )
        request._note("made")
        return request.sudo(self.env.su)

    @api.model
    def _check_companies(self, records):
        """Return the companies of records.

        :raise AccessError: if one is not the user's, who need not have the right to read the records
        """
        # sudo: the company alone
        companies = records.sudo().company_id
        if not self.env.su and companies - self._with_parents(self.env.companies):
            raise AccessError(
                self.env._("Some of these are another company's. Choose that company as well, if you may.")
            )
        return companies

    @api.model
    def _with_parents(self, companies):
        """Companies and those whose branches they are: Odoo shares a company's records with its branches."""
        return companies.search([("id", "parent_of", companies.ids)])

    def _get_reach(self):
        """The companies whose records may go along."""
        return self._with_parents(self.reach_ids)

    @api.model
    def action_open_for(self, records):
        """Open a new request for the chosen contacts or leads.

        :param records: contacts, or leads: those with a customer stand for their customer
        """
        self.check_access("write")
        records = get_records(records)
        if records._name == "crm.lead":
            alone = records.filtered(lambda lead: not lead.partner_id)
            request = self._make(records.partner_id, alone)
        else:
            request = self._make(records)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_preview(self):
        """Find out what would become of everything, and change nothing. Many are looked at by a job."""
        request = self._take("draft", "planned", "stopped")
        if request._is_large():
            request._begin_preview()
            return True
        request.write({"reach_ids": self.env.companies, "previewer_id": self.env.uid})
        request._preview()
        # what was read is what the transaction began with
        request.write({"state": "planned", "planned_at": self.env.cr.now(), "approver_id": False})
        request._note("planned")
        return True

    def action_preview_changed(self):
        """Look again at those who were not anonymised."""
        request = self._take("done")
        if not request.problem_count:
            raise UserError(self.env._("Everybody of this request is anonymised."))
        request.state = "stopped"
        return self.action_preview()

    def action_approve(self):
        """A second officer agrees."""
        request = self._take("planned")
        if self.env.user == request.user_id:
            raise ValidationError(self.env._("Somebody else than who asked for it has to approve it."))
        request.approver_id = self.env.user
        request._note("approved")
        return True

    def action_carry_out(self):
        """Have it done by the job; what was changed since the preview is left for another look."""
        request = self._take("planned", "stopped")
        if request.needs_approval and not request.approver_id:
            raise UserError(self.env._("Another privacy officer has to approve this first."))
        if not request._count_left() and request.state == "stopped" and request.done_count:
            # stopped during the last search
            request.write({"state": "done", "done_at": fields.Datetime.now()})
            return True
        if not request._count_left():
            raise UserError(self.env._("There is nobody to anonymise: see the reasons beside the persons."))
        request.write({"state": "running", "starter_id": self.env.uid})
        request._note("started")
        request._wake()
        return True

    def action_stop(self):
        """Stop after the persons that are being worked on; those done stay done, and those previewed previewed."""
        request = self._take("running", "previewing")
        request.state = "stopped" if request.state == "running" else "draft"
        request._note("stopped")
        return True

    def action_cancel(self):
        """Leave everybody as they are who is not anonymised already."""
        if self._as_officer().state == "previewing":
            raise UserError(self.env._("It is being previewed: stop that first."))
        self._take("draft", "planned", "stopped")._cancel()
        return True

    def _cancel(self):
        lines = self._find_lines("draft", "planned")
        lines.write(lines._prepare_problem("cancelled"))
        self._find_shown().sample = False
        self.state = "done" if self.done_count else "cancelled"
        self._note("cancelled")

    def _note(self, event):
        """Write in the log what an officer decided, and for how many."""
        for request in self:
            self.env["crm.gdpr.log"]._append(
                event, counts={"crm.gdpr.request.line": request.person_count}, request=request.id
            )

    def _take(self, *states):
        """Return the request with the rights to change it.

        :raise UserError: unless it is in one of these states
        """
        request = self._as_officer()
        request.ensure_one()
        if request.state not in states:
            words = dict(self._fields["state"]._description_selection(self.env))
            state = words[request.state]
            raise UserError(self.env._("This cannot be done now: the request is “%(state)s”.", state=state))
        return request

    @api.model
    def _wake(self):
        self.env.ref("crm_gdpr.ir_cron_carry_out")._trigger()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_carried_out(self):
        is_open = {"draft", "previewing", "planned", "cancelled"}
        if self.filtered(lambda request: request.state not in is_open or request.done_count):
            raise UserError(self.env._("What was carried out stays on record."))
        self._note("deleted")
