from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .crm_letter_template import RENDERED

TEXTS = frozenset({*RENDERED, "template_id", "date", "place", "leaves_out_blacklisted", "name"})
# How long somebody may think about a batch before its list of recipients is thrown away.
DRAFT_DAYS = 7
# How long the PDF of a batch is kept; what each customer got is with the customer's documents.
FILE_DAYS = 60


class CrmLetterBatch(models.Model):
    """One letter to many customers: one PDF in the order of their addresses, made by a job.

    Who gets it is written down with the user's own rights, and shown with those who do not and why, before anything is
    printed. See ``crm_letter_batch_job.py`` for how nobody gets it twice.
    """

    _name = "crm.letter.batch"
    _description = "Letter to Many"
    _inherit = "crm.letter.render.mixin"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, default=lambda self: self.env._("New letter to many"))
    template_id = fields.Many2one(
        "crm.letter.template", index="btree_not_null", ondelete="set null", check_company=True
    )
    subject = fields.Char(compute="_compute_texts", store=True, readonly=False, precompute=True)
    salutation = fields.Char(compute="_compute_texts", store=True, readonly=False, precompute=True)
    body = fields.Html(
        "Text",
        compute="_compute_texts",
        store=True,
        readonly=False,
        precompute=True,
        render_engine="qweb",
        sanitize="email_outgoing",
    )
    closing = fields.Char(compute="_compute_texts", store=True, readonly=False, precompute=True)
    # What the template said when it was chosen, in all languages: it is printed with the template's right to carry out
    # code, and written by this addon alone. See crm_letter_batch_text.py.
    frozen_texts = fields.Json(readonly=True, copy=False, exportable=False)
    is_edited = fields.Boolean("Text Was Changed", readonly=True, copy=False, help="Decided when it is printed.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    place = fields.Char(default=lambda self: self.env.company.city)
    leaves_out_blacklisted = fields.Boolean(
        "Leave out who wants no advertising",
        default=True,
        help="Customers whose e-mail address is on the blacklist of mailings.",
    )
    user_id = fields.Many2one("res.users", "Sender", required=True, readonly=True, default=lambda self: self.env.user)
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Printing"), ("stopped", "Stopped"), ("done", "Done")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    stop_reason = fields.Char(readonly=True, copy=False)
    started_on = fields.Datetime("Started", readonly=True, copy=False)
    stopped_on = fields.Datetime("Stopped", readonly=True, copy=False)
    finished_on = fields.Datetime("Finished", readonly=True, copy=False)
    letter_ids = fields.One2many("crm.letter", "batch_id", "Letters", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    in_pdf_count = fields.Integer("Letters in the PDF", readonly=True, copy=False, exportable=False)
    recipient_count = fields.Integer("Letters in All", compute="_compute_figures")
    waiting_count = fields.Integer("Waiting", compute="_compute_figures")
    printed_count = fields.Integer("Printed", compute="_compute_figures")
    failed_count = fields.Integer("Failed", compute="_compute_figures")
    left_out_count = fields.Integer("Left Out", compute="_compute_figures")
    blocked_count = fields.Integer("Blocked by Accounting", compute="_compute_blocked_count", help="They get it too.")
    progress = fields.Float(compute="_compute_figures", help="Of those who get the letter, in per cent.")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    def _compute_render_model(self):
        self.render_model = "res.partner"

    @api.depends("template_id")
    def _compute_texts(self):
        for batch in self:
            for name in RENDERED:
                batch[name] = batch.template_id[name] if batch.template_id else batch[name]

    @api.depends("letter_ids.state")
    def _compute_figures(self):
        counts = {batch_id: {} for batch_id in self._origin.ids}
        # sudo: how many they are, also of customers who were left out because the user may not see them
        letters = self.env["crm.letter"].sudo()
        for batch, state, count in letters._read_group(
            [("batch_id", "in", self._origin.ids)], ["batch_id", "state"], ["__count"]
        ):
            counts[batch.id][state] = count
        for batch in self:
            of_batch = counts.get(batch._origin.id, {})
            concerned = sum(of_batch.values()) - of_batch.get("left_out", 0)
            waiting = of_batch.get("waiting", 0)
            batch.update(
                {
                    "recipient_count": concerned,
                    "waiting_count": waiting,
                    "printed_count": of_batch.get("printed", 0),
                    "failed_count": of_batch.get("failed", 0),
                    "left_out_count": of_batch.get("left_out", 0),
                    "progress": 100 * (concerned - waiting) / concerned if concerned else 0,
                }
            )

    @api.depends("letter_ids.state", "letter_ids.partner_id")
    def _compute_blocked_count(self):
        for batch in self:
            # sudo: how many they are, as for the other figures
            concerned = batch.sudo().letter_ids.filtered(lambda letter: letter.state != "left_out")
            batch.blocked_count = len(concerned.filtered("block_reason"))

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def write(self, vals):
        """Only the text can be changed from outside, and only before it is printed.

        :raise UserError: for anything else
        """
        if not self.env.su and (vals.keys() - TEXTS or any(batch.state != "draft" for batch in self)):
            raise UserError(
                self.env._("Of a letter to many, only the text can be changed, and only before it is printed.")
            )
        return super().write(vals)

    def _with_readable_pdf(self):
        """Those of which the user may read each letter that was printed: the PDF of all shows every one of them.

        By two queries for any number of batches and letters.
        """
        domain = [("batch_id", "in", self.ids), ("state", "=", "printed")]
        letters = self.env["crm.letter"]
        seen = dict(letters._read_group(domain, ["batch_id"], ["__count"]))
        # sudo: how many there are in all, compared with how many of them the user sees
        printed = {batch.id: count for batch, count in letters.sudo()._read_group(domain, ["batch_id"], ["__count"])}
        # What was deleted since is in the PDF all the same, whosever it was.
        return self.filtered(
            lambda batch: seen.get(batch, 0) == max(printed.get(batch.id, 0), batch.sudo().in_pdf_count)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        """
        :raise UserError: letters are being printed, or were
        """
        if not self.env.su and any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("Only a draft can be deleted: what was printed is in the customers' histories."))

    @api.autovacuum
    def _gc_batches(self):
        """Throw away drafts that nobody printed, and files: what each customer got is with the customer's documents."""
        today = fields.Datetime.now()
        drafts = [("state", "=", "draft"), ("create_date", "<", today - timedelta(days=DRAFT_DAYS))]
        self.search(drafts).unlink()
        limit = today - timedelta(days=FILE_DAYS)
        # Also what one that was stopped and never continued has printed so far.
        old = (Domain("state", "=", "done") & Domain("finished_on", "<", limit)) | (
            Domain("state", "=", "stopped") & Domain("stopped_on", "<", limit)
        )
        files = [("res_model", "=", self._name), ("res_id", "in", self.search(old).ids), ("res_field", "=", False)]
        self.env["ir.attachment"].search(files).unlink()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_print(self):
        """Print to all who get it; the job does. Pressed twice it starts once."""
        for batch in self:
            batch.check_access("write")
            if batch.state == "draft":
                batch._check_printable()
                # sudo: what is not for the user to set; the right to print was checked
                batch.sudo().is_edited = batch._differs_from_template()
                batch._run()

    def action_stop(self):
        """Print no further letter; what is printed stays."""
        self.check_access("write")
        running = self.filtered(lambda batch: batch.state == "running")
        # sudo: who may write the batch may stop it
        running.sudo()._stop(self.env._("Stopped by %s.", self.env.user.name))

    def _stop(self, reason):
        self.write({"state": "stopped", "stop_reason": reason, "stopped_on": fields.Datetime.now()})

    def action_continue(self):
        """Go on with those who are waiting."""
        self.check_access("write")
        self.filtered(lambda batch: batch.state == "stopped")._run()

    def action_open_pdf(self):
        """Download all letters as one PDF.

        :return: an action
        :raise AccessError: there are letters in it that the user may not read
        :raise UserError: it is not there any more
        """
        self.ensure_one()
        self.check_access("read")
        if not self._with_readable_pdf():
            raise AccessError(
                self.env._(
                    "There are letters in this PDF that you may not read, or that were deleted. Those that you may "
                    "read are with the customers' documents."
                )
            )
        if not self.sudo().attachment_id:  # sudo: only whether
            raise UserError(self.env._("The PDF is not there any more. The letters are with the customers' documents."))
        return {"type": "ir.actions.act_url", "url": f"/crm_letter/batch/{self.id}/letters.pdf", "target": "download"}

    def action_preview(self):
        """Look at the first letter as it will be printed.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/crm_letter/batch/{self.id}/preview.pdf", "target": "new"}

    def action_open_letters(self):
        """The customers behind a number of the batch: in the state or blocked, as the context says, or all.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_letter.crm_letter_action_recipients")
        state = self.env.context.get("letter_state")
        domain = [("batch_id", "=", self.id)] + ([("state", "=", state)] if state else [])
        if self.env.context.get("letters_of_blocked"):
            domain += [("state", "!=", "left_out"), ("partner_id.is_customer_blocked", "=", True)]
        context = {"create": False, **({"search_default_group_reason": 1} if state == "left_out" else {})}
        return {**action, "domain": domain, "context": context}

    def _check_printable(self):
        """
        :raise UserError: there is nothing to print or nobody to print for, or a placeholder is not there; it is named
        """
        self.env["crm.letter"]._check_printer()
        self._get_sample()._check_text()
        if not self.waiting_count:
            raise UserError(self.env._("Nobody on the list can get the letter. See why each was left out."))

    def _run(self):
        # sudo: the callers have checked the right to print
        for batch in self.sudo():
            started_on = batch.started_on or fields.Datetime.now()
            again = {"stop_reason": False, "stopped_on": False, "finished_on": False}
            batch.write({"state": "running", "started_on": started_on, **again})
        self.env.ref("crm_letter.ir_cron_crm_letter_print").sudo()._trigger()
