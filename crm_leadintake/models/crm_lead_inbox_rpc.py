from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..tools import desk
from ..tools.refusal import IntakeRefusal


class CrmLeadInbox(models.Model):
    """The door for Odoo's own API, over /json/2 and /xmlrpc/2, for users who may do this and nothing else."""

    _inherit = "crm.lead.inbox"

    @api.model
    def submit(self, leads):
        """Hand in leads, as a user in the group *Lead Intake Program* who is linked to a source.

        :param list leads: one dictionary per lead, see the README of Lead Intake for its fields; at most 1,000
        :return: an answer per lead, in the same order: ``external_id``, ``status``, ``reference``, ``problems`` and
            ``warnings``
        :raise AccessError: the user is not in the group, or is linked to no source
        :raise UserError: nothing was taken, as the message says
        """
        return self._at_the_desk(lambda caller: desk.submit(self.env.registry, caller, _listed(self, leads), "rpc"))

    @api.model
    def status(self, external_ids):
        """What became of leads that this user's source has sent.

        :param list external_ids: texts, at most 1,000
        :return: ``[{"external_id", "state", "changed"}]`` of those that are known
        :raise AccessError: the user is not in the group, or is linked to no source
        :raise UserError: the request limit is reached, as the message says
        """
        return self._at_the_desk(lambda caller: desk.get_status(self.env.registry, caller, _listed(self, external_ids)))

    @api.model
    def _at_the_desk(self, hand_in):
        if not self.env.user.has_group("crm_leadintake.group_intake_program"):
            raise AccessError(self.env._("Handing in leads needs the group Lead Intake Program."))
        address = request.httprequest.remote_addr if request else None
        try:
            return hand_in(desk.ByUser(self.env.uid, address))
        except IntakeRefusal as refusal:
            error = (AccessError if refusal.status in (401, 403) else UserError)(refusal.detail)
            # over /json/2 a program tells by it what to send again later
            error.http_status = refusal.status
            raise error from refusal


def _listed(model, items):
    if not isinstance(items, list):
        raise UserError(model.env._("Give a list."))
    return items
