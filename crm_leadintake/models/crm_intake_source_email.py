from odoo import api, fields, models
from odoo.tools.mail import email_normalize, email_split_tuples

from ..tools import desk, mail_patterns
from ..tools import values as value_tools
from ..tools.problems import Problem
from ..tools.vocabulary import NAME
from .crm_intake_source import OFFICER


class CrmIntakeSource(models.Model):
    """The e-mail address of a source, and how its mails are read."""

    _name = "crm.intake.source"
    _inherit = ["crm.intake.source", "mail.alias.mixin.optional"]

    pattern_ids = fields.One2many("crm.intake.pattern", "source_id", string="Patterns", copy=True, groups=OFFICER)
    is_sender_customer = fields.Boolean(
        string="The Sender Is the Customer",
        default=True,
        help="Where no pattern reads an e-mail address. Switch it off for a portal, which sends all mails itself.",
    )
    pattern_sample = fields.Text(string="Example Mail", help="Paste a mail to see what is read of it.")
    pattern_preview = fields.Text(string="What Is Read", compute="_compute_pattern_preview", groups=OFFICER)

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("crm.lead")
        if self.id:
            values["alias_defaults"] = repr({"intake_source_id": self.id})
        return values

    @api.depends("pattern_sample", "pattern_ids.field", "pattern_ids.kind", "pattern_ids.expression")
    def _compute_pattern_preview(self):
        for source in self:
            sample = source.pattern_sample or ""
            text = mail_patterns.text_of(sample) if "</" in sample else mail_patterns.readable(sample)
            source.pattern_preview = source._preview_text(text) if text else False

    def _preview_text(self, text):
        self.ensure_one()
        try:
            found = mail_patterns.extract(text, self._get_patterns())
        except mail_patterns.UnsafeExpression as error:
            return self.env["crm.intake.pattern"]._describe_unsafe(error.reason, "")
        specs = self._get_specs()
        _read, problems = value_tools.read(found, specs, "ignore")
        told = {problem.field: self._describe_left_out(problem) for problem in problems if problem.field}
        lines = [
            f"{specs[name].label}: {value}" + (f" ({told[name]})" if name in told else "")
            for name, value in found.items()
        ]
        return "\n".join(lines) or self.env._("Nothing is read: the lead gets the text, the subject and the sender.")

    def _describe_left_out(self, problem):
        sentence = self.env["crm.lead.inbox"]._describe_problem(problem.as_dict())
        return self.env._("left out – %(reason)s", reason=sentence)

    def _get_patterns(self):
        self.ensure_one()
        return [pattern._compile() for pattern in self.pattern_ids.sorted("sequence") if pattern.expression]

    # ------------------------------------------------------------
    # Taking a mail
    # ------------------------------------------------------------

    def _take_mail(self, message):
        """Make a lead of a mail, or find the one that it belongs to, in the transaction of the mail gateway.

        :param dict message: as mail.thread.message_parse returns it
        :return: the record to post the mail on, the lead, or the row of the inbox where none was made; and whether it
            was there before
        """
        row, left_out = self._accept_mail(message)
        row._process_waiting()
        # here and now, as the gateway tells the followers of the mail next
        row._announce()
        row._note_left_out(left_out)
        lead = row.lead_id if row.state != "rejected" else row.lead_id.browse()
        # the mail that made the lead has the subtype of a new one, another one is a message
        is_new = row.action == "created" and not lead.message_ids.filtered(lambda sent: sent.message_type == "email")
        return lead or row, not is_new

    def _keep_mail(self, message):
        """Keep a mail that met another one of the same person at this moment; the job makes the lead of it.

        :return: the row of the inbox
        """
        row, left_out = self._accept_mail(message)
        row._note_left_out(left_out)
        if job := desk.get_job(self.env, desk.MAKE):
            job._trigger()
        return row

    def _accept_mail(self, message):
        """The row of a mail, and a Problem for each value that was left out of it."""
        self.ensure_one()
        config = self._get_config(self.id)
        Inbox = self.env["crm.lead.inbox"].with_company(config.company_id).with_context(intake_is_mail=True)
        values, left_out = self._choose_values(config, Inbox, self._read_mail(message))
        record = {**values, "external_id": mail_patterns.external_id_of(message.get("message_id"))}
        [entry] = Inbox._accept(config, [record], "email")
        return Inbox.browse(entry) if isinstance(entry, int) else Inbox._find_mail_row(config, record), left_out

    def _read_mail(self, message):
        """The values of a mail: what patterns find; else its subject, its sender and its text.

        The text is always kept, but for what was read of it as the description.
        """
        text = mail_patterns.text_of(message.get("body"))
        found = mail_patterns.extract(text, self._get_patterns())
        subject = " ".join(mail_patterns.readable(message.get("subject")).split())
        values = {"subject": subject[:NAME] or self._get_no_subject(), "description": text}
        if "email" not in found and self.is_sender_customer:
            values |= self._read_sender(message.get("email_from"))
        return {name: value for name, value in (values | found).items() if value}

    def _get_no_subject(self):
        return self.with_context(lang=self.company_id.partner_id.lang).env._("No subject")

    @api.model
    def _read_sender(self, sender):
        """Name and address of a sender, where it is one that somebody reads."""
        [(name, address), *_others] = email_split_tuples(mail_patterns.readable(sender)) or [("", "")]
        if not email_normalize(address) or mail_patterns.is_no_reply(address):
            return {}
        return {"contact_name": "" if "@" in name else name[:NAME], "email": address}

    @api.model
    def _choose_values(self, config, inbox, values):
        """Leave out what breaks a rule: a mail never waits for that, as whoever sent it is told nothing.

        :return: the values, and a Problem for each that was left out
        """
        [(_found, problems, _warnings)] = inbox._read_batch(config, [values])
        left_out = [
            Problem(problem.field, "ignored", value=values[problem.field])
            for problem in problems
            if problem.field in values
        ]
        names = {problem.field for problem in left_out}
        return {name: value for name, value in values.items() if name not in names}, left_out
