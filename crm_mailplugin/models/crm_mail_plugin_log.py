import hashlib
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ..tools.logged_email import MAX_BYTES, MAX_FILES, read_files, sender_of

# The add-in's button can be pressed again, and another window has another one.
SAME_MINUTES = 10


class CrmMailPlugin(models.AbstractModel):
    """E-mails that are filed with one click: as e-mails of whoever wrote them, which nobody is sent."""

    _inherit = "crm.mail.plugin"

    @api.model
    def _log_email(self, model, res_id, message, attachments):
        """File an e-mail on a record, the same one but once.

        :param str model: a model that e-mails may be filed on
        :param int res_id: id of a record of it
        :param str message: HTML
        :param list attachments: see ``read_files``
        :return: the ``mail.message``, empty where it was there already
        :raise UserError: the record is gone, or what came cannot be read
        :raise AccessError: the user may not write on the record
        :raise ConcurrencyError: see ``_lock_email``
        """
        record = self._find_record(model, res_id)
        if not isinstance(message, str):
            raise UserError(self.env._("The e-mail could not be read."))
        files = self._read_files(attachments)
        message_id = self._message_id_of(record, message)
        self._lock_email(message_id)
        if self._is_logged(record, message_id):
            return self.env["mail.message"]
        return record.message_post(
            body=Markup(message),  # noqa: S704  made safe by the field
            attachments=files,
            message_type="email",
            subtype_xmlid="mail.mt_note",
            is_internal=True,  # also on a ticket it is for colleagues, whoever wrote it
            message_id=message_id,
            **self._author_values(record, message),
        )

    @api.model
    def _find_record(self, model, res_id):
        is_id = isinstance(res_id, int) and not isinstance(res_id, bool)
        record = self.env[model].browse(res_id if is_id else ()).exists()
        if not record:
            raise UserError(self.env._("What you log the e-mail on is not there any more. Refresh the contact."))
        record.check_access(record._mail_post_access)
        return record

    @api.model
    def _read_files(self, attachments):
        try:
            return read_files(attachments)
        except ValueError as error:
            raise UserError(self.env._("An attachment of the e-mail could not be read.")) from error
        except OverflowError as error:
            raise UserError(
                self.env._(
                    "The attachments are too many or too large: %(count)s, and %(size)s MB together, is the most.",
                    count=MAX_FILES,
                    size=MAX_BYTES // 1024**2,
                )
            ) from error

    @api.model
    def _message_id_of(self, record, message):
        """The add-in does not say which e-mail it is: it is known by its text, its place and who files it."""
        content = repr((record._name, record.id, self.env.uid, message))
        return f"<{hashlib.sha256(content.encode()).hexdigest()}@mail-plugin>"

    @api.model
    def _lock_email(self, message_id):
        """Be the only one who files this e-mail, until the transaction ends.

        :raise ConcurrencyError: another request files it at this moment; Odoo then repeats this one, which finds it
        """
        lock = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", message_id)
        [[is_ours]] = self.env.execute_query(lock)
        if not is_ours:
            raise ConcurrencyError(self.env._("The same e-mail is being filed at this moment."))

    @api.model
    def _is_logged(self, record, message_id):
        domain = [
            ("message_id", "=", message_id),
            ("model", "=", record._name),
            ("res_id", "=", record.id),
            ("create_date", ">=", fields.Datetime.now() - timedelta(minutes=SAME_MINUTES)),
        ]
        # Looked up in a transaction that begins now: ours does not see what was filed since it began.
        with self.env.registry.cursor() as cr:
            # sudo: one's own message on a record that one may write on; nothing is shown of it
            return bool(self.env(cr=cr)["mail.message"].sudo().search_count(domain, limit=1))

    @api.model
    def _author_values(self, record, message):
        """Whose e-mail it is: the customer's, where it came from there, and the user's, where one of us wrote it."""
        address = sender_of(message)
        if not address:
            return {}
        author = record._partner_find_from_emails_single([address], no_create=True)
        if author and not author.partner_share:
            return {}
        return {"email_from": address, "author_id": author.id}
