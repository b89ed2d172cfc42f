from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm_salesboard.tools.alphabet import in_alphabetical_order

from .crm_campaign_figures import REACTED

TYPES = {"lead": "lead", "project": "opportunity"}


class CrmCampaignMember(models.Model):
    """What a reaction becomes: one lead or project per member, however often and on how many channels they react."""

    _inherit = "crm.campaign.member"

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def _on_reaction(self):
        """Make what the campaign says an answer makes; called whenever somebody clicks, answers or says yes in a call.

        That it cannot be made is told to whoever is responsible for the campaign: the answer itself is never lost.
        """
        # sudo: it happens to members, whoever reads the mailbox, opens the link or notes the call
        for member in self.sudo():
            kind = member.campaign_id.answer_makes
            if kind in TYPES and not member.result_lead_id:
                member._make_by_itself(kind)

    def _make_by_itself(self, kind):
        # In the name of whoever notes a call; what comes from outside is nobody's doing.
        member = self if self.env.user._is_internal() else self.with_user(SUPERUSER_ID)
        try:
            with self.env.cr.savepoint():
                member.sudo()._make_leads(kind)
        except (UserError, AccessError) as error:  # of rules for projects; never a conflict between two transactions
            self._tell_not_made(error)

    def _tell_not_made(self, error):
        self._message_log(
            body=self.env._(
                "%(member)s reacted, but nothing could be made of it: %(reason)s", member=self.name, reason=str(error)
            )
        )
        told = self._pick_who_sees(*self._get_planners()) or self._get_responsible()
        if not told:
            return
        self.message_notify(
            partner_ids=told.partner_id.ids,
            subject=self.env._("A reaction to %(campaign)s", campaign=self.campaign_id.title),
            body=self.env._(
                "%(member)s reacted, but nothing could be made of it: %(reason)s", member=self.name, reason=str(error)
            ),
        )

    # ------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------

    def action_make_lead(self):
        """Make a lead of each member; who has one or a project already keeps it.

        :return: an action that opens them
        """
        return self._make_by_hand("lead")

    def action_make_project(self):
        """Make a project of each member; a lead that was made of the member before becomes one.

        :return: an action that opens them
        """
        return self._make_by_hand("project")

    def action_open_result(self):
        """Open what the reaction became.

        :return: an action
        """
        # sudo: which it is; of a lead that the user may not read is said whose it is
        self.check_access("read")
        return self._open_leads(self.sudo().result_lead_id.sudo(False))

    def _make_by_hand(self, kind):
        self.check_access("read")
        self.env["crm.lead"].check_access("create")
        # sudo: which they are; whether the user may change them is asked as the user
        theirs = (self.sudo().result_lead_id | self.sudo().lead_id).sudo(False)
        kept = theirs - theirs._filtered_access("write")
        # sudo: the right to make some was asked; the salesperson of a customer may be somebody else than the user
        members = self.sudo().with_context(salesperson_without=self.env.uid)
        leads = members._make_leads(kind, kept).sudo(False).with_context(self.env.context)
        undone = (
            kept.sudo().filtered(lambda lead: lead._is_open_lead()).sudo(False) if kind == "project" else kept.browse()
        )
        return self._open_leads(leads, undone)

    def _open_leads(self, leads, undone=()):
        """Open what the user may see of it, and say whose the rest is.

        :param leads: ``crm.lead``
        :param undone: those of them that somebody else is to make a project of
        """
        seen = leads._filtered_access("read").filtered(lambda lead: lead not in undone)
        if not seen and leads:
            # sudo: names of colleagues, not of who has a restricted project
            open_leads = leads.sudo().filtered(lambda lead: not lead.is_hidden)
            names = ", ".join(in_alphabetical_order(self.env, set(open_leads.user_id.mapped("name"))))
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("It is with %(names)s now.", names=names or self.env._("a colleague")),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Made of Reactions"),
            "res_model": "crm.lead",
            "context": {"active_test": False, "create": False},
        }
        if len(seen) == 1:
            return {**action, "res_id": seen.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", seen.ids)], "views": [(False, "list"), (False, "form")]}

    # ------------------------------------------------------------
    # Making
    # ------------------------------------------------------------

    def _make_leads(self, kind, kept=()):
        """Give each of these members its one lead or project.

        :param str kind: a key of ``TYPES``
        :param kept: ``crm.lead`` that are not changed
        :return: the ``crm.lead`` of all of them, made now or before
        """
        self._lock_for_reaction()
        for member in self:
            if not member.result_lead_id and member.lead_id:
                member.result_lead_id = member._take_own_lead(kept)
        new = self.filtered(lambda member: not member.result_lead_id)
        for company, members in new.grouped("company_id").items():
            leads = self.env["crm.lead"].with_company(company).with_context(lang=self.env.lang)
            made = leads.create([member._prepare_lead(TYPES[kind]) for member in members])
            for member, lead in zip(members, made, strict=True):
                member.result_lead_id = lead
            made._message_log_batch(bodies={lead.id: lead._get_reaction_note() for lead in made})
        if kind == "project":
            self._qualify(kept)
        return self.result_lead_id

    def _lock_for_reaction(self):
        """Of two answers at the same moment the second waits, and finds what the first has made.

        Not by ``lock_for_update``, which refuses in place of waiting: an answer is not to be lost.
        """
        if self.ids:
            self.flush_recordset(["result_lead_id"])
            self.env.execute_query(
                SQL("SELECT id FROM crm_campaign_member WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            )
            self.invalidate_recordset(["result_lead_id"])

    def _take_own_lead(self, kept):
        """A member that is a lead or project gets no second one: it is that one, of this campaign if of none yet."""
        lead = self.lead_id
        if not lead.campaign_id and lead not in kept:
            lead.campaign_id = self.campaign_id
        return lead

    def _qualify(self, kept):
        """Have open leads of these members become projects."""
        leads = self.result_lead_id.filtered(lambda lead: lead._is_open_lead() and lead not in kept)
        for member in self.filtered(lambda member: member.result_lead_id in leads):
            lead = member.result_lead_id
            if lead.type == "lead":  # not yet, of two members who are one lead
                lead.convert_opportunity(lead.partner_id, team_id=member.campaign_id.team_id.id)

    def _prepare_lead(self, lead_type):
        """The values of the lead or project that a reaction becomes."""
        partner, campaign = self.partner_id, self.campaign_id
        reaction = self.dispatch_ids.filtered(lambda dispatch: dispatch.outcome in REACTED)[-1:]
        values = {
            "name": f"{campaign.title}: {self.name}",
            "type": lead_type,
            "partner_id": partner.id,
            "campaign_id": campaign.id,
            "medium_id": self._get_reaction_medium(reaction),
            "source_id": reaction.step_id.mailing_id.source_id.id,
            "company_id": self.company_id.id,
            "user_id": self._get_salesperson().id,
        }
        if campaign.team_id:
            values["team_id"] = campaign.team_id.id
        return values

    def _get_reaction_medium(self, reaction):
        mailing = reaction.step_id.mailing_id
        return mailing.medium_id.id or self.env["utm.campaign"]._get_media().get(reaction.channel, False)

    def _get_salesperson(self):
        """The customer's, or that of its company; without one whoever makes it by hand, if anybody does."""
        users = self.env["res.users"]
        without = users.browse(self.env.context.get("salesperson_without") or ())
        user = self.partner_id.user_id or self.partner_id.commercial_partner_id.user_id or without
        # Not in a company where the salesperson does not work, which Odoo would refuse.
        return user if user.active and self.company_id in user.company_ids else users


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _is_open_lead(self):
        return self.type == "lead" and self.active

    def _get_reaction_note(self):
        return self.env._("Made of a reaction to the campaign %(campaign)s.", campaign=self.campaign_id.title)
