import json

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_board_put_line import LEFT_OUT

# What one request handles: a second or two, so that a run can be stopped and shows how far it is.
PUT_BATCH = 500
UNDO_BATCH = 500


class CrmBoardPut(models.TransientModel):
    """Puts customers on a board: asks how, and then does it part by part.

    Each part is a request of its own that remembers how far it came. So a run can be stopped, or break off, at any
    number of customers without losing or doubling one, and be taken up again where it was.
    """

    _name = "crm.board.put"
    _description = "Put Customers on the Board"

    # Comes from a list of customers and goes back as it is; what it finds depends on the rights of the user.
    partner_domain = fields.Text(required=True, readonly=True, default="[]")
    partner_count = fields.Integer("Customers", compute="_compute_partner_count")
    allowed_team_ids = fields.Many2many("crm.team", compute="_compute_allowed_team_ids")
    team_id = fields.Many2one(
        "crm.team",
        "Board of",
        domain="[('id', 'in', allowed_team_ids)]",
        default=lambda self: self._default_team_id(),
    )
    team_rule = fields.Selection(
        [
            ("chosen", "All on this board"),
            ("salesperson", "On the board of the customer's salesperson, else on this one"),
        ],
        string="Team",
        required=True,
        default="chosen",
        help="By salesperson: the first team of the customer's salesperson that sells by a process, of the teams whose "
        "board you may fill.",
    )
    owner_rule = fields.Selection(
        [
            ("me", "The customer's salesperson, else me"),
            ("share", "The customer's salesperson, else the members of the team in turn"),
            ("nobody", "The customer's salesperson, else nobody: Odoo's rules assign them"),
        ],
        string="Owner",
        required=True,
        default="me",
        help="In turn: members whose assignment is paused are passed over. Nobody: they stay unassigned until somebody "
        "takes them, or the rule-based assignment of the team hands them out.",
    )
    subject_list_id = fields.Many2one(related="team_id.process_id.subject_list_id")
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False)
    subject_id = fields.Many2one("crm.choice", "Fixed Subject", domain="[('list_id', '=', subject_list_id)]")
    unfinished_id = fields.Many2one("crm.board.put", compute="_compute_unfinished_id")

    state = fields.Selection(
        [
            ("draft", "To Start"),
            ("running", "Running"),
            ("done", "Done"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    total = fields.Integer(readonly=True)
    last_partner_id = fields.Integer(readonly=True, help="Customers up to this id have been handled.")
    turns = fields.Json(readonly=True, help="Per team how many of its projects were shared out.")
    line_ids = fields.One2many("crm.board.put.line", "put_id", readonly=True)

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _default_team_id(self):
        teams = self.env["res.partner"]._salesboard_teams()
        own = teams.search(Domain("id", "in", teams.ids) & teams._domain_of_user(), limit=1)
        return own or teams[:1]

    @api.depends("team_id")
    def _compute_allowed_team_ids(self):
        self.allowed_team_ids = self.env["res.partner"]._salesboard_teams()

    @api.depends("partner_domain")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = self.env["res.partner"].search_count(wizard._partners_asked_for())

    @api.depends("subject_id", "subject_list_id")
    def _compute_subject(self):
        for wizard in self:
            if wizard.subject_list_id:
                wizard.subject = wizard.subject_id.name

    @api.depends("partner_domain")
    def _compute_unfinished_id(self):
        domain = [("create_uid", "=", self.env.uid), ("state", "in", ("running", "undoing"))]
        self.unfinished_id = self.search(domain, order="id desc", limit=1)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_put(self):
        """Begin, and show how far it is.

        :return: an action that lets the web client call :meth:`put_next` until all is done
        :raise UserError: no subject, not a team of the user's on a process, or no search for customers
        """
        self.ensure_one()
        self._start()
        return self._progress_action()

    def action_continue(self):
        """Take up a run that was broken off.

        :return: an action, as of :meth:`action_put`
        """
        self._check_own()
        return self._progress_action()

    def put_next(self):
        """Handle the next customers of a run, all of them or, after an error, none.

        :return: dict of

            - ``id``, ``state`` (``running`` until all are handled), ``total``, ``handled``
            - ``made``: the number of projects
            - ``left_out``: ``[{"result", "label", "count"}]``
            - ``kept``, ``removed``: what undoing left, and took away
            - ``waiting``: whether nothing was done, as a colleague is filling the board at this moment

        :raise UserError: the team or subject is no longer one that the user may use
        """
        self._check_own()
        if self.state != "running":
            return self._progress()
        try:
            self._put_part()
        except LockError:
            return self._progress(waiting=True)
        return self._progress()

    def undo_next(self):
        """Remove the next of the projects that the run made, except those that somebody has touched since.

        :return: dict as of :meth:`put_next`; ``state`` is ``undoing`` until all are handled
        """
        self._check_own()
        self.state = "undoing"
        self._undo_part()
        return self._progress()

    def action_open_made(self):
        """List the projects that were made.

        :return: an action
        """
        self._check_own()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_action_salesboard_list")
        made = self.env["crm.board.put.line"].search_fetch(
            [("put_id", "=", self.id), ("result", "in", ("made", "kept"))], ["lead_id"]
        )
        action["domain"] = [("id", "in", made.lead_id.ids)]
        return action

    def action_open_left_out(self):
        """List the customers that were left out, by reason.

        :return: an action
        """
        self._check_own()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_board_put_line_action")
        action["domain"] = [("put_id", "=", self.id), ("result", "in", list(LEFT_OUT))]
        return action

    # ------------------------------------------------------------
    # A run
    # ------------------------------------------------------------

    def _partners_asked_for(self):
        """The domain of the customers.

        :raise UserError: it is none
        """
        try:
            return Domain(json.loads(self.partner_domain))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("This is not a search for customers. Start again from a list of customers.")
            ) from error

    def _start(self):
        self._check_put()
        self.write({"state": "running", "total": self.env["res.partner"].search_count(self._partners_asked_for())})

    def _put_all(self):
        """Handle all customers in this transaction.

        :return: ``{"made": number, "skipped": number}``
        :raise UserError: see :meth:`action_put`, or a colleague is filling the board at this moment
        """
        self._start()
        try:
            while self.state == "running":
                self._put_part()
        except LockError as error:
            raise UserError(
                self.env._("Somebody is putting customers on this board right now. Try again in a moment.")
            ) from error
        progress = self._progress()
        return {"made": progress["made"], "skipped": progress["handled"] - progress["made"]}

    def _put_part(self):
        self._check_put()
        self._lock_boards(self._teams_in_question().process_id)
        # By id, and not page by page: what was put no longer matches a search for customers without a project.
        rest = self._partners_asked_for() & Domain("id", ">", self.last_partner_id)
        partners = self.env["res.partner"].search(rest, order="id", limit=PUT_BATCH)
        if partners:
            self._put_batch(partners)
            self.last_partner_id = partners[-1].id
        if len(partners) < PUT_BATCH:
            self.state = "done"

    @api.model
    def _lock_boards(self, processes):
        """Let one user at a time fill a board, so that two make no doubles.

        :raise LockError: a colleague is filling one of the boards
        """
        processes.lock_for_update(allow_referencing=True)
        # A colleague may have filled them between the start of this transaction, whose view of the data is fixed, and
        # the lock. As both change the row, this then fails, and Odoo repeats the request with a view of today.
        self.env.cr.execute(SQL("UPDATE crm_process SET write_date = write_date WHERE id IN %s", tuple(processes.ids)))

    def _check_own(self):
        """
        :raise AccessError: it is the run of another user
        """
        self.ensure_one()
        self.check_access("write")

    def _check_put(self):
        """
        :raise AccessError: the user may not make projects
        :raise UserError: not a team of the user's on a process, or the subject is none of its process
        """
        self.env["res.partner"]._check_may_put_on_salesboard()
        if not self.team_id or self.team_id not in self.env["res.partner"]._salesboard_teams():
            raise UserError(self.env._("Choose a team of yours that sells by a process."))
        process = self.team_id.process_id
        if not (self.subject or "").strip():
            raise UserError(self.env._("Say what the projects are about."))
        if not self._is_subject_of(process):
            raise UserError(
                self.env._(
                    "%(subject)s is not a subject of %(process)s. Choose one of: %(choices)s.",
                    subject=self.subject,
                    process=process.name,
                    choices=", ".join(process.subject_list_id.choice_ids.mapped("name")),
                )
            )

    def _is_subject_of(self, process):
        choices = process.subject_list_id.choice_ids
        return not choices or bool(choices._named(self.subject))

    def _progress_action(self):
        return {
            "type": "ir.actions.client",
            "tag": "crm_salesboard_put",
            "name": self.env._("Put on the Board"),
            "params": {"progress": self._progress()},
        }

    def _progress(self, waiting=False):
        # Not through line_ids, which would read every line of the run with each part of it.
        lines = self.env["crm.board.put.line"]
        counts = dict(lines._read_group([("put_id", "=", self.id)], ["result"], ["__count"]))
        labels = dict(lines._fields["result"]._description_selection(self.env))
        handled = sum(counts.values())
        return {
            "id": self.id,
            "state": self.state,
            "total": handled if self.state == "done" else max(handled, self.total),
            "handled": handled,
            "made": counts.get("made", 0),
            "kept": counts.get("kept", 0),
            "removed": counts.get("removed", 0),
            "left_out": [
                {"result": result, "label": labels[result], "count": counts[result]}
                for result in LEFT_OUT
                if counts.get(result)
            ],
            "waiting": waiting,
        }
