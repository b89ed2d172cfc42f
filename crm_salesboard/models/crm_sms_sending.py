import json
from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.mobile_numbers import is_mobile
from .crm_sms_recipient import STATES

BODY_FIELDS = frozenset({"body", "template_id"})
# How long somebody may think about a message before its list of recipients is thrown away.
DRAFT_DAYS = 2


class CrmSmsSending(models.Model):
    """One text message to the customers of a view of the Sales Board, with what became of each.

    Who gets it is written down when the user asks for it, with the user's own rights, and shown before anything is
    sent. See ``crm.sms.recipient`` for how a number never gets it twice, and the job in ``crm_sms_sending_job.py``.
    """

    _name = "crm.sms.sending"
    _description = "SMS Sending"
    _order = "id desc"
    _rec_name = "body"

    body = fields.Text("Message", compute="_compute_body", store=True, readonly=False, precompute=True)
    template_id = fields.Many2one(
        "sms.template", domain=[("model", "=", "crm.lead")], ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "Sent by", required=True, readonly=True, default=lambda self: self.env.user)
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Sending"), ("stopped", "Stopped"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
    )
    stop_reason = fields.Char(readonly=True)
    started_on = fields.Datetime("Started", readonly=True)
    recipient_ids = fields.One2many("crm.sms.recipient", "sending_id", "Recipients", readonly=True)
    res_model = fields.Char(compute="_compute_res_model", help="What the placeholders of the message are about.")
    figures = fields.Json(compute="_compute_figures")
    recipient_count = fields.Integer("Customers", compute="_compute_figures")
    sent_count = fields.Integer("Sent", compute="_compute_figures")
    waiting_count = fields.Integer("Waiting", compute="_compute_figures")
    failed_count = fields.Integer("Failed", compute="_compute_figures")
    uncertain_count = fields.Integer("Uncertain", compute="_compute_figures")
    left_out_count = fields.Integer("Left Out", compute="_compute_figures")
    progress = fields.Float(compute="_compute_figures", help="Of those who get the message, in per cent.")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("template_id")
    def _compute_body(self):
        for sending in self:
            sending.body = sending.template_id.body or sending.body

    def _compute_res_model(self):
        self.res_model = "crm.lead"

    @api.depends("body", "create_date")
    def _compute_display_name(self):
        for sending in self:
            text = (sending.body or "").strip().replace("\n", " ")
            sending.display_name = text[:50] or self.env._("New SMS")

    @api.depends("recipient_ids.state", "recipient_ids.reason")
    @api.depends_context("lang", "uid")
    def _compute_figures(self):
        counts = {sending_id: {} for sending_id in self._origin.ids}
        for sending, state, reason, count in self.env["crm.sms.recipient"]._read_group(
            [("sending_id", "in", self._origin.ids)], ["sending_id", "state", "reason"], ["__count"]
        ):
            counts[sending.id][state, reason] = count
        for sending in self:
            sending.update(self._figures_of(counts.get(sending._origin.id, {})))

    def _figures_of(self, counts):
        """Values of the fields that count the recipients.

        :param dict counts: ``{(state, reason): number}``
        """

        def total(*states):
            return sum(count for (state, _reason), count in counts.items() if state in states)

        concerned = sum(counts.values()) - total("left_out")
        waiting = total("waiting", "sending")
        return {
            "figures": self._labelled(counts),
            "recipient_count": concerned,
            "sent_count": total("sent", "delivered"),
            "waiting_count": waiting,
            "failed_count": total("failed"),
            "uncertain_count": total("uncertain"),
            "left_out_count": total("left_out"),
            "progress": 100 * (concerned - waiting) / concerned if concerned else 0,
        }

    def _labelled(self, counts):
        """``[{"state", "reason", "label", "count"}]`` in the order in which they are shown."""
        recipients = self.env["crm.sms.recipient"]._fields
        states = dict(recipients["state"]._description_selection(self.env))
        reasons = dict(recipients["reason"]._description_selection(self.env))
        keys = [(state, False) for state, _label in STATES] + [("left_out", reason) for reason in reasons]
        return [
            {"state": key[0], "reason": key[1], "label": reasons.get(key[1]) or states[key[0]], "count": counts[key]}
            for key in keys
            if key in counts
        ]

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def write(self, vals):
        """Only the text can be changed from outside, and only before it is sent.

        :raise UserError: for anything else
        """
        if not self.env.su and (vals.keys() - BODY_FIELDS or any(sending.state != "draft" for sending in self)):
            raise UserError(self.env._("Of a sending, only the text can be changed, and only before it is sent."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        """
        :raise UserError: messages are being sent
        """
        if any(sending.state == "running" for sending in self):
            raise UserError(self.env._("Messages are being sent. Stop the sending before you delete it."))

    @api.autovacuum
    def _gc_drafts(self):
        too_old = fields.Datetime.now() - timedelta(days=DRAFT_DAYS)
        self.search([("state", "=", "draft"), ("create_date", "<", too_old)]).unlink()

    # ------------------------------------------------------------
    # Who gets it
    # ------------------------------------------------------------

    @api.model
    def _prepare_sending(self, domain):
        """Freeze the customers of a view, each once, with the user's own rights.

        :param domain: of projects
        :return: the sending, not sent yet
        :raise AccessError: the user may send none
        :raise UserError: there is nobody in the view, or no process of it allows SMS
        """
        self.check_access("write")
        rows = self._customers_of(domain)
        if not rows:
            raise UserError(self.env._("There is no customer in the present view of the board."))
        if not any(row["allow_sms"] for row in rows):
            raise UserError(
                self.env._(
                    "The process of these projects does not allow SMS. A sales administrator can change that under "
                    "Configuration ▸ Processes."
                )
            )
        # sudo: the right to send was checked above; nobody makes sendings and recipients in another way
        sending = self.sudo().create({}).sudo(False)
        sending._create_recipients(rows)
        return sending

    def _customers_of(self, domain):
        """A row per customer, or per project without one, in one query.

        Of several projects it is the one that may send, is open and is the newest: there the message is logged.
        """
        query = self.env["crm.lead"].with_context(active_test=False)._search(domain)
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (COALESCE(lead.partner_id, -lead.id))
                       lead.id AS lead_id, lead.partner_id, lead.company_id, process.allow_sms,
                       NULLIF(lead.phone, '') AS phone, NULLIF(lead.phone_sanitized, '') AS phone_sanitized,
                       partner.company_id AS partner_company_id, NULLIF(partner.phone, '') AS partner_phone,
                       NULLIF(partner.phone_sanitized, '') AS partner_phone_sanitized
                  FROM crm_lead lead
                  JOIN crm_process_column board_column ON board_column.id = lead.board_column_id
                  JOIN crm_process process ON process.id = board_column.process_id
                  LEFT JOIN res_partner partner ON partner.id = lead.partner_id
                 WHERE lead.id IN %s
                 ORDER BY COALESCE(lead.partner_id, -lead.id), process.allow_sms IS TRUE DESC,
                          lead.date_closed IS NULL DESC, lead.id DESC
                """,
                query.subselect(),
            )
        )

    def _create_recipients(self, rows):
        partners = self.env["res.partner"].browse({row["partner_id"] for row in rows if row["partner_id"]})
        by_partner = self._get_reasons_by_partner(partners)
        numbers = {number for row in rows for number in self._numbers_of(row)}
        mobile = {number for number in numbers if is_mobile(number)}
        blacklisted = self._blacklisted_numbers(mobile)
        taken = set()
        vals_list = []
        for row in rows:
            number, reason = self._number_of(row, mobile)
            reason = self._reason_of_project(row) or by_partner.get(row["partner_id"]) or reason
            if not reason and number in blacklisted:
                reason = "blacklisted"
            if not reason and number in taken:
                reason = "double"
            if not reason:
                taken.add(number)
            vals_list.append(self._recipient_vals(row, number, reason))
        self._insert_recipients(vals_list)

    def _insert_recipients(self, vals_list):
        """In one statement, for tens of thousands while a user waits. The right to do so was checked before."""
        columns = SQL(", ").join(map(SQL.identifier, vals_list[0]))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_sms_recipient (%(columns)s, create_uid, create_date, write_uid, write_date)
                SELECT %(columns)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM jsonb_populate_recordset(NULL::crm_sms_recipient, %(rows)s::jsonb)
                """,
                columns=columns,
                user=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(vals_list),
            )
        )
        self.env["crm.sms.recipient"].invalidate_model()
        self.invalidate_recordset()

    def _recipient_vals(self, row, number, reason):
        return {
            "sending_id": self.id,
            "lead_id": row["lead_id"],
            "partner_id": row["partner_id"],
            "company_id": row["company_id"] or self.company_id.id,
            "number": number,
            "state": "left_out" if reason else "waiting",
            "reason": reason,
            "uuid": uuid4().hex,
        }

    def _reason_of_project(self, row):
        if not row["allow_sms"]:
            return "process"
        company = row["partner_company_id"]
        if company and (company not in self.env.companies.ids or row["company_id"] not in (None, company)):
            return "company"
        return None

    def _get_reasons_by_partner(self, partners):
        """Why customers get no message, whatever their number is. Asked when the list is made and again before sending.

        To be extended, together with the selection of ``crm.sms.recipient.reason``, by addons that know of more
        reasons. Many customers are asked for at once: no query per customer.

        :param partners: ``res.partner`` of the sending, some of which the user may not be allowed to read
        :return: ``{partner id: reason}``, without those who get the message
        """
        visible = set(partners.with_context(active_test=False)._search([("id", "in", partners.ids)]))
        active = set(partners._search([("id", "in", partners.ids), ("active", "=", True)]))
        reasons = dict.fromkeys(set(partners.ids) - visible, "out_of_reach")
        return reasons | dict.fromkeys(visible - active, "archived")

    @staticmethod
    def _numbers_of(row):
        """The project's own number and the customer's, as Odoo looks for them."""
        return [number for number in (row["phone_sanitized"], row["partner_phone_sanitized"]) if number]

    def _number_of(self, row, mobile):
        """The number to send to, and the reason if there is none."""
        numbers = self._numbers_of(row)
        for number in numbers:
            if number in mobile:
                return number, None
        if numbers:
            return numbers[0], "not_mobile"
        written = row["phone"] or row["partner_phone"]
        return written, "number_invalid" if written else "number_missing"

    @api.model
    def _blacklisted_numbers(self, numbers):
        # By SQL: its search would parse each number again. Whoever sends keeps to it, also who may not read it.
        self.env["phone.blacklist"].flush_model(["number", "active"])
        rows = self.env.execute_query(
            SQL("SELECT number FROM phone_blacklist WHERE active AND number = ANY(%s)", list(numbers))
        )
        return {number for (number,) in rows} | self._suppressed_numbers(numbers)

    @api.model
    def _suppressed_numbers(self, numbers):
        """Numbers of persons who were anonymised, where the addon that knows them is installed."""
        if "crm.gdpr.suppression" not in self.env:
            return set()
        return self.env["crm.gdpr.suppression"]._find((), numbers, self.env.company, is_sending=True)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.readonly
    def action_open_recipients(self, state=None, reason=None):
        """The list of customers behind a number of the sending.

        :param str state: a state of ``crm.sms.recipient``, or None for all
        :param str reason: why they were left out, or None
        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_sms_recipient_action")
        recipients = self.env["crm.sms.recipient"]._fields
        labels = dict(recipients["reason" if reason else "state"]._description_selection(self.env))
        domain = [("sending_id", "=", self.id)]
        domain += [("state", "=", state)] if state else []
        domain += [("reason", "=", reason)] if reason else []
        name = labels.get(reason or state) or self.env._("Customers")
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": domain,
            "context": {"create": False},
        }

    def action_send(self):
        """Start sending. Pressed twice, or by two at once, it is the same sending and starts once.

        :raise UserError: there is no text, nobody to send to, or the text cannot be filled in
        """
        for sending in self:
            sending.check_access("write")
            if sending.state == "draft":
                sending._check_sendable()
                sending._run()

    def action_stop(self):
        """Send no further message; those that are with the gateway at this moment are sent."""
        self.check_access("write")
        running = self.filtered(lambda sending: sending.state == "running")
        # sudo: who may write the sending may stop it
        running.sudo().write({"state": "stopped", "stop_reason": self.env._("Stopped by %s.", self.env.user.name)})

    def action_continue(self):
        """Go on with those who are waiting."""
        self.check_access("write")
        self.filtered(lambda sending: sending.state == "stopped")._run()

    def action_retry_failed(self):
        """Send again to those for whom the gateway said no."""
        self._recipients_in("failed").action_send_again()

    def action_repeat_uncertain(self):
        """Send again to those of whom nobody knows whether they got the message. Some may get it twice."""
        self._recipients_in("uncertain").action_send_again()

    def _recipients_in(self, state):
        self.check_access("write")
        return self.env["crm.sms.recipient"].search([("sending_id", "in", self.ids), ("state", "=", state)])

    def _check_sendable(self):
        if not (self.body or "").strip():
            raise UserError(self.env._("Write the message first."))
        if not self.waiting_count:
            raise UserError(self.env._("Nobody on the list can get the message. See why each was left out."))
        # What is wrong with a placeholder is told now, and not when the first thousand were sent.
        first = self.env["crm.sms.recipient"].search([("sending_id", "=", self.id), ("state", "=", "waiting")], limit=1)
        self._composer(first.company_id)._prepare_body_values(first.lead_id)

    def _run(self):
        # sudo: the callers have checked the right to send
        for sending in self.sudo():
            started_on = sending.started_on or fields.Datetime.now()
            sending.write({"state": "running", "stop_reason": False, "started_on": started_on})
        self.env.ref("crm_salesboard.ir_cron_crm_sms_send").sudo()._trigger()
