import logging

import requests
from urllib3.exceptions import ConnectTimeoutError

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError
from odoo.addons.sms.tools.sms_api import SmsApi

_logger = logging.getLogger(__name__)

# Answers of a gateway that has not done what it was asked for. Of any other error (502 and 504 say that somebody in
# between got no answer) nobody knows.
REFUSING_STATUS = frozenset(range(400, 500)) | {500, 501, 503}
# The gateway never got the request. What urllib3 says is wrapped by requests.
UNREACHED = (requests.exceptions.ConnectTimeout, ConnectTimeoutError)


class CrmSmsSending(models.Model):
    """The job that sends, in chunks, and goes on where it stopped.

    Each chunk takes two transactions. The first writes down that its messages are about to be sent. The second calls
    the gateway and writes down what it said. Messages are only in Odoo's queue (``sms.sms``) within the second one and
    are marked for deletion when it ends: neither that queue nor its buttons can send them again. If the second is not
    committed, whatever the cause, the messages are *uncertain*, and it is for a user to say what happens with them.
    """

    _inherit = "crm.sms.sending"

    @api.model
    def _send_waiting(self):
        """Job: send the messages of the sendings that were started, as long as its time lasts."""
        cron = self.env["ir.cron"]
        self.env["crm.sms.recipient"]._give_up_lost()
        cron._commit_progress(remaining=self._count_waiting())
        while sendings := self.search([("state", "=", "running")], order="id"):
            # A chunk of each in turn: a small sending does not wait for a large one.
            for sending in sendings:
                done = sending._send_chunk()
                if not cron._commit_progress(done, remaining=self._count_waiting()):
                    return

    @api.model
    def _count_waiting(self):
        domain = [("sending_id.state", "=", "running"), ("state", "=", "waiting")]
        return self.env["crm.sms.recipient"].search_count(domain)

    def _send_chunk(self):
        """Send to the next customers.

        :return: how many were dealt with
        """
        self.ensure_one()
        recipients = self._next_recipients()
        if not recipients:
            self._finish()
            return 0
        if not self._may_send():
            self._pause(self.env._("%s may send no SMS any more.", self.user_id.name))
            return 0
        try:
            prepared = self._announce(recipients)
            self.env["ir.cron"]._commit_progress()
        except Exception as error:  # nothing was sent: whatever it is, a user can go on later
            self.env.cr.rollback()
            _logger.info("SMS sending %s: could not be prepared", self.id, exc_info=True)
            self._pause(error)
            return 0
        if prepared:
            self._call_gateway(*prepared)
        return len(recipients)

    def _may_send(self):
        return self.user_id.active and self.with_user(self.user_id).has_access("write")

    def _finish(self):
        self.invalidate_recordset(["state"])
        if self.state == "running":
            self.state = "done"

    def _pause(self, error):
        """Stop, so that what failed for some does not fail for thousands."""
        self.write({"state": "stopped", "stop_reason": str(error)[:500] or type(error).__name__})
        self.env["ir.cron"]._commit_progress()

    # ------------------------------------------------------------
    # Before the gateway is called
    # ------------------------------------------------------------

    def _next_recipients(self, leads=None):
        """The next customers of one company, as many as its gateway takes at once, each project once.

        :param leads: ``crm.lead``, only those
        :return: ``{lead id: crm.sms.recipient}``
        """
        domain = Domain("sending_id", "=", self.id) & Domain("state", "=", "waiting")
        if leads is not None:
            domain &= Domain("lead_id", "in", leads.ids)
        recipients = self.env["crm.sms.recipient"].sudo()
        company = recipients.search(domain, order="company_id, id", limit=1).company_id
        limit = self.env["sms.sms"].with_company(company)._get_send_batch_size() if company else 0
        domain &= Domain("company_id", "=", company.id)
        found = recipients.search(domain, order="id", limit=limit) if limit else recipients
        # Merged projects have several customers: the others come with a later chunk.
        return {lead.id: of_lead[0] for lead, of_lead in found.grouped("lead_id").items()}

    def _announce(self, recipients):
        """Write down, to be committed before the gateway is called, to whom the message is about to be sent.

        :param dict recipients: ``{lead id: crm.sms.recipient}``
        :return: the composer and what it sends, ``{lead id: values of sms.sms}``; None if nobody is left
        """
        self._leave_out_unwanted(recipients)
        recipients = {lead: recipient for lead, recipient in recipients.items() if recipient.state == "waiting"}
        company = next(iter(recipients.values())).company_id if recipients else self.company_id
        composer = self._composer(company)
        leads = composer.env["crm.lead"].browse(recipients)
        values = composer._prepare_mass_sms_values(leads) if leads else {}
        for lead_id in [lead_id for lead_id, vals in values.items() if vals["state"] != "outgoing"]:
            recipients.pop(lead_id)._leave_out("blacklisted")
            del values[lead_id]
        if not values:
            return None
        announced = self.env["crm.sms.recipient"].union(*recipients.values())
        self._log(composer, recipients, values)
        self._track(announced)
        announced.write({"state": "sending"})
        return composer, announced, values

    def _composer(self, company):
        """Odoo's composer as the user who sends: placeholders show nothing that this user may not read."""
        sender = self.user_id
        composer = self.env["sms.composer"].with_user(sender).with_company(company)
        composer = composer.with_context(
            allowed_company_ids=[company.id, *(sender.company_ids - company).ids], lang=sender.lang
        )
        vals = {
            "composition_mode": "mass",
            "res_model": "crm.lead",
            "template_id": self.template_id.id,
            "body": self.body,
            "mass_keep_log": True,
            "crm_sending_id": self.id,
        }
        # sudo: for crm_sending_id, which is for server code
        return composer.sudo().create(vals).sudo(False)

    def _leave_out_unwanted(self, recipients):
        """Leave out who may not get it any more since the list was made."""
        sender = self.with_user(self.user_id)
        sender = sender.with_context(allowed_company_ids=self.user_id.company_ids.ids)
        leads = sender.env["crm.lead"].with_context(active_test=False).browse(recipients)
        reachable = set(leads._search([("id", "in", leads.ids)]))
        all_recipients = self.env["crm.sms.recipient"].union(*recipients.values())
        partners = all_recipients.partner_id.with_env(sender.env)
        reasons = sender._get_reasons_by_partner(partners) if partners else {}
        for lead_id, recipient in recipients.items():
            reason = reasons.get(recipient.partner_id.id) or (lead_id not in reachable and "out_of_reach")
            if reason:
                recipient._leave_out(reason)

    def _log(self, composer, recipients, values):
        """Log the message on the projects, in bulk and like Odoo does; once for every recipient."""
        new = {lead_id: vals for lead_id, vals in values.items() if not recipients[lead_id].mail_message_id}
        leads = composer.env["crm.lead"].browse(new)
        if leads:
            messages = leads._message_log_batch(**composer._prepare_mass_log_values(leads, new))
            for lead, message in zip(leads, messages, strict=True):
                recipients[lead.id].mail_message_id = message
        for lead_id, vals in values.items():
            vals["mail_message_id"] = recipients[lead_id].mail_message_id.id

    def _track(self, recipients):
        """Let answers and delivery reports find their recipient, also those of messages that are uncertain."""
        trackers = self.env["sms.tracker"].sudo()
        known = trackers.search([("crm_sms_recipient_id", "in", recipients.ids)]).crm_sms_recipient_id
        trackers.create(
            [{"sms_uuid": recipient.uuid, "crm_sms_recipient_id": recipient.id} for recipient in recipients - known]
        )

    # ------------------------------------------------------------
    # The call
    # ------------------------------------------------------------

    def _call_gateway(self, composer, announced, values):
        """Send what was announced, and write down what the gateway says."""
        announced.invalidate_recordset(["state"])
        recipients = announced.try_lock_for_update().filtered(lambda recipient: recipient.state == "sending")
        gateway = self._gateway(composer, announced.company_id)
        try:
            self._send_through(gateway, composer, recipients, values)
            recipients._set_uncertain(self.env._("The gateway did not say whether it sent the message."))
            self.env["ir.cron"]._commit_progress()
        except Exception as error:  # gateways raise anything
            self.env.cr.rollback()
            _logger.info("SMS sending %s: the gateway failed", self.id, exc_info=True)
            if self._is_refusal(gateway, error):
                recipients._set_failed(str(error)[:500])
            else:
                recipients._set_uncertain(str(error)[:500] or type(error).__name__)
            self.env["ir.cron"]._commit_progress()
            self._pause(error)

    def _gateway(self, composer, company):
        """The one that the company has chosen. ``sms.sms.send`` would take Odoo's own for some."""
        gateway = company._get_sms_api_class()(composer.sudo().env)  # sudo: as Odoo's composer sends
        gateway._set_company(company)
        return gateway

    def _send_through(self, gateway, composer, recipients, values):
        """Call the gateway, with the messages in Odoo's queue for no longer than this transaction."""
        leads = composer.env["crm.lead"].browse(recipients.lead_id.ids)
        if not leads:
            return
        # sudo: messages of an earlier attempt, which have the same id
        self.env["sms.sms"].sudo().search([("uuid", "in", recipients.mapped("uuid"))]).unlink()
        messages = composer._prepare_mass_sms(leads, values)
        messages.with_context(sms_api=gateway)._send(unlink_failed=True, unlink_sent=True, raise_exception=True)

    def _is_refusal(self, gateway, error):
        """Whether it is certain that nothing was sent.

        :param gateway: ``SmsApiBase``. One that takes a whole batch in one request says so by an attribute
            ``one_request``; of others that raise nobody knows how many messages they had sent before
        :param Exception error: what it raised, often on account of another error
        """
        if not getattr(gateway, "one_request", isinstance(gateway, SmsApi)):
            return False
        while error:
            if isinstance(error, InsufficientCreditError):
                return True
            if isinstance(error, requests.exceptions.RequestException):
                return self._is_refused_request(error)
            error = error.__cause__ or error.__context__
        return False

    @api.model
    def _is_refused_request(self, error):
        if error.response is not None:
            return error.response.status_code in REFUSING_STATUS
        cause = getattr(error.args[0], "reason", None) if error.args else None
        return isinstance(error, UNREACHED) or isinstance(cause, UNREACHED)
