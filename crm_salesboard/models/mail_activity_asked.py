import logging

import psycopg2

from odoo import api, fields, models

from odoo.addons.mail.tools.discuss import Store

_logger = logging.getLogger(__name__)
# Not for the caller to say: they decide who is told, and what the undoing of a move takes back.
INTERNAL_FIELDS = ("requested_by_id", "crm_move_id")


class MailActivity(models.Model):
    """Who asked a colleague to do something, and what a move on the board planned.

    Whoever gives an activity to somebody else is told when it is done. The first one who asked stays the one, however
    often the activity is handed on.
    """

    _inherit = "mail.activity"

    requested_by_id = fields.Many2one(
        "res.users",
        "Asked by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The colleague who gave this activity to the one who is to do it, and is told when it is done.",
    )
    crm_move_id = fields.Many2one(
        "crm.lead.move",
        "Planned by Move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_asker(vals) for vals in vals_list]
        # The caller's context reaches what is planned in sudo as well.
        defaults = [f"default_{name}" for name in INTERNAL_FIELDS]
        context = {name: value for name, value in self.env.context.items() if name not in defaults}
        activities = super(MailActivity, self.with_context(context)).create(vals_list)
        activities.filtered(lambda activity: not activity.automated)._keep_asker()
        return activities

    def write(self, vals):
        if not self.env.su:
            vals = self._without_asker(vals)
        user_id = vals.get("user_id")
        others = self.filtered(lambda activity: user_id and activity.user_id.id != user_id)
        res = super().write(vals)
        others._keep_asker()
        return res

    @api.model
    def _without_asker(self, vals):
        """Values without what is not for the caller to say."""
        return {name: value for name, value in vals.items() if name not in INTERNAL_FIELDS}

    def _keep_asker(self):
        """Remember who gave these activities to those they are assigned to now; who gets the own back asks nobody."""
        user = self.env.user
        if user._is_public() or user._is_superuser() or user.share:
            return
        asked = self.filtered(lambda activity: activity.user_id and not activity.requested_by_id)
        # sudo: the user has just given the activity away, and may not be allowed to change it any more
        asked.filtered(lambda activity: activity.user_id != user).sudo().requested_by_id = user
        own = self.filtered(lambda activity: activity.user_id and activity.user_id == activity.requested_by_id)
        own.sudo().requested_by_id = False

    def _action_done(self, feedback=False, attachment_ids=None):
        """Mark as done, and tell those who asked for it."""
        asked = self.filtered(lambda activity: activity.active and activity.requested_by_id)
        asked = asked.filtered(lambda activity: activity.requested_by_id != self.env.user)
        texts = {activity: activity._done_text(feedback) for activity in asked}
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for activity, (subject, body) in texts.items():
            activity.exists()._tell_asker(subject, body)
        return res

    def _done_text(self, feedback):
        name = self.display_name
        subject = self.env._("Done: %(activity)s", activity=name)
        about = self.sudo().res_name  # sudo: the name only, and only where the asker may see it, see _tell_asker
        body = self.env._("%(user)s has done what you asked for: %(activity)s", user=self.env.user.name, activity=name)
        return subject, "\n".join(filter(None, (body, about and f"({about})", feedback)))

    def _tell_asker(self, subject, body):
        """Leave the one who asked a message. Whatever goes wrong with it, what is done is done."""
        self.env.flush_all()  # what went wrong before is not about the message
        for activity in self.sudo():  # sudo: the asker is told whatever the doer may read
            try:
                with self.env.cr.savepoint():
                    activity._message_asker(subject, body)
            except psycopg2.OperationalError:
                raise  # the request is repeated
            except Exception:  # a mail server or an addon may raise anything
                _logger.exception("The colleague who asked for the activity %s could not be told.", activity.id)

    def _message_asker(self, subject, body):
        """Message the one who asked, unless the project has been closed to them since."""
        asker = self.requested_by_id
        is_document = self.res_model and asker.active
        document = self.env[self.res_model].browse(self.res_id) if is_document else None
        if not asker.active or (document and not self._is_readable(document, asker)):
            return
        thread = document if hasattr(document, "message_notify") else self.env["mail.thread"]
        thread.message_notify(
            partner_ids=asker.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subject=subject,
            body=body,
            model_description=self._description,
        )

    @api.model
    def _is_readable(self, document, user):
        """Whether a user may read a document, in any of the companies that they work for."""
        as_user = document.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return as_user.sudo(False).has_access("read")

    def action_delegate(self):
        """Ask to whom these activities are to be given.

        :return: an action
        """
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delegate"),
            "res_model": "crm.activity.delegate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_activity_ids": self.ids, "dialog_size": "medium"},
        }

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), Store.One("requested_by_id", Store.One("partner_id", "name"))]
