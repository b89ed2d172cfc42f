import json
from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_campaign_member_reasons import Taken


class CrmCampaignMember(models.Model):
    """How people come into a group, by the ten thousand, and out of it again."""

    _inherit = "crm.campaign.member"

    # ------------------------------------------------------------
    # In
    # ------------------------------------------------------------

    @api.model
    def _add(self, campaign, records):
        """Put customers or leads into a campaign's group, those who are left out with the reason.

        Who is there already stays as they are. Two who add at once get nobody in twice: the second waits and, as it
        began before the first was done, is begun anew by Odoo.

        :param campaign: ``utm.campaign``
        :param records: ``res.partner`` or ``crm.lead`` that were chosen
        :return: how many, see ``_count_people``
        :raise AccessError: the user makes no campaigns
        :raise UserError: the campaign takes nobody any more
        """
        self._check_addable(campaign)
        self.env.flush_all()
        self._lock_groups(campaign)
        people = self._get_people(campaign, records)
        self._insert_members(campaign, [person for person in people if not person["is_there"]])
        return self._count_people(people)

    @api.model
    def _lock_groups(self, campaigns):
        """Let one at a time change a group or start a step with it; who waited is repeated, and finds what is done."""
        campaigns.flush_recordset()
        ids = sorted(campaigns.ids)
        query = SQL("UPDATE utm_campaign SET write_date = write_date WHERE id = ANY(%s)", ids)
        self.env.cr.execute(query, log_exceptions=False)  # that it is repeated is no error

    @api.model
    def _preview(self, campaign, records):
        """What adding them would come to; nothing is written.

        :param campaign: ``utm.campaign``, or none for a new one
        :return: see ``_count_people``
        """
        return self._count_people(self._get_people(campaign, records))

    @api.model
    def _count_people(self, people):
        """``{"in": number, "there": number, "left_out": {reason: number}}``"""
        new = [person for person in people if not person["is_there"]]
        left_out = Counter(person["reason"] for person in new if person["reason"])
        return {"in": len(new) - left_out.total(), "there": len(people) - len(new), "left_out": dict(left_out)}

    @api.model
    def _check_addable(self, campaign):
        self.check_access("write")
        campaign.ensure_one()
        if campaign.phase == "evaluated":
            raise UserError(
                self.env._(
                    "%s was evaluated: its group does not change any more. Choose another campaign.", campaign.title
                )
            )
        if campaign.company_id and campaign.company_id not in self.env.companies:
            raise UserError(
                self.env._("%s is another company's campaign. Choose that company as well, if you may.", campaign.title)
            )

    @api.model
    def _get_people(self, campaign, records):
        """The chosen ones, each with whether they are there already and why they are left out."""
        company = campaign.company_id or self.env.company
        existing = self._get_lines(campaign)
        there = {(line["partner_id"] if not line["lead_id"] else None, line["lead_id"]) for line in existing}
        there |= {(line["partner_id"], None) for line in existing if line["state"] == "in"}
        people = self._read_people(self._get_pairs(records))
        new = []
        for person in people:
            key = (None if person["lead_id"] else person["partner_id"], person["lead_id"])
            person["is_there"], person["reason"] = key in there, None
            if not person["is_there"]:
                new.append(person)
        taken = Taken()
        for person in self._read_people(
            [(line["partner_id"], line["lead_id"]) for line in existing if line["state"] == "in"]
        ):
            taken.add(person)
        removed = {line["partner_id"] for line in existing if line["reason"] == "removed"} - {None}
        asked = [person for person in new if person["partner_id"] not in removed]
        for person in new:
            # Whoever was taken out by hand does not come back through another of their projects.
            person["reason"] = "removed" if person["partner_id"] in removed else None
        for person, reason in zip(asked, self._judge(asked, company, taken), strict=True):
            person["reason"] = reason
        return people

    @api.model
    def _get_lines(self, campaign):
        """Everybody who is in the group or left out of it, as far as adding others needs to know them."""
        if not campaign.id:
            return []
        self.search([("campaign_id", "=", campaign.id)], limit=1)._follow_leads()
        return self._read_lines(SQL("campaign_id = %s", campaign.id))

    @api.model
    def _get_pairs(self, records):
        """The customer and lead that each chosen record stands for; a lead of a customer stands for that customer."""
        if records._name == "res.partner":
            # Who was deleted or merged since they were chosen is nobody any more.
            query = SQL(
                "SELECT partner.id FROM unnest(%s::int[]) WITH ORDINALITY AS chosen(id, nr)"
                " JOIN res_partner partner ON partner.id = chosen.id ORDER BY nr",
                list(records._ids),
            )
            return [(partner_id, False) for (partner_id,) in self.env.execute_query(query)]
        records.flush_model(["partner_id"])
        query = SQL(
            "SELECT lead.partner_id, lead.id FROM unnest(%s::int[]) WITH ORDINALITY AS chosen(id, nr)"
            " JOIN crm_lead lead ON lead.id = chosen.id ORDER BY nr",
            list(records._ids),
        )
        return self.env.execute_query(query)

    @api.model
    def _insert_members(self, campaign, people):
        """In one statement, for tens of thousands while a user waits. The right to do so was checked before."""
        company = campaign.company_id or self.env.company
        rows = [
            {
                "partner_id": person["partner_id"],
                "lead_id": person["lead_id"],
                "state": "left_out" if person["reason"] else "in",
                "reason": person["reason"],
            }
            for person in people
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_campaign_member (campaign_id, company_id, added_by_id, partner_id, lead_id, state,
                                                 reason, create_uid, create_date, write_uid, write_date)
                SELECT %(campaign)s, %(company)s, %(user)s, partner_id, lead_id, state, reason,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM jsonb_populate_recordset(NULL::crm_campaign_member, %(rows)s::jsonb)
                    ON CONFLICT DO NOTHING
                """,
                campaign=campaign.id,
                company=company.id,
                user=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        self.invalidate_model()
        campaign.invalidate_recordset()

    # ------------------------------------------------------------
    # Out, and in again
    # ------------------------------------------------------------

    def action_remove(self):
        """Take members out by hand, before a step has addressed them.

        :raise UserError: some were addressed
        """
        self.check_access("write")
        self._lock_groups(self.campaign_id)
        self._check_changeable()
        # sudo: the list is written by this addon alone; the right to was checked
        self.sudo().write({"state": "left_out", "reason": "removed"})

    def action_put_back(self):
        """Put those in who were left out, or taken out by hand, if nothing speaks against it any more.

        :return: an action that says so where something does
        """
        self.check_access("write")
        self._lock_groups(self.campaign_id)
        members = self.filtered(lambda member: member.state == "left_out")
        members._check_changeable()
        still = {}
        for campaign, of_campaign in members.grouped("campaign_id").items():
            taken = Taken()
            lines = [
                (line["partner_id"], line["lead_id"]) for line in self._get_lines(campaign) if line["state"] == "in"
            ]
            for person in self._read_people(lines):
                taken.add(person)
            chosen = self._read_lines(SQL("id = ANY(%s)", of_campaign.ids))
            people = self._read_people([(line["partner_id"], line["lead_id"]) for line in chosen])
            found = self._judge(people, campaign.company_id or self.env.company, taken)
            still |= {line["id"]: reason for line, reason in zip(chosen, found, strict=True) if reason}
        # sudo: the list is written by this addon alone; the right to was checked
        for reason, group in members.sudo().grouped(lambda member: still.get(member.id, False)).items():
            group.write({"state": "left_out" if reason else "in", "reason": reason})
        members.sudo()._are_wanted_again()  # sudo: as above
        return self._tell_left_out(len(members) - len(still), still) if still else None

    def _are_wanted_again(self):
        """Of who is put back, no other member says any more that they were taken out."""
        inside = self.filtered(lambda member: member.state == "in" and member.partner_id)
        domain = [("campaign_id", "in", inside.campaign_id.ids), ("partner_id", "in", inside.partner_id.ids)]
        wanted = {(member.campaign_id, member.partner_id) for member in inside}
        others = self.search([*domain, ("reason", "=", "removed")]) if inside else inside
        others.filtered(lambda member: (member.campaign_id, member.partner_id) in wanted).reason = "double"

    def _tell_left_out(self, count, reasons):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        lines = [f"{labels[reason]}: {number}" for reason, number in Counter(reasons.values()).items()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Put back: %s", count),
                "message": "\n".join([self.env._("The others are still left out."), *lines]),
                "type": "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_changeable(self):
        if any(member.campaign_id.phase == "evaluated" for member in self):
            raise UserError(self.env._("The campaign was evaluated: its group does not change any more."))
        if addressed := self._get_addressed():
            names = ", ".join(addressed[:5].mapped("display_name"))
            raise UserError(self.env._("A step has addressed them already: %s. They stay in the group.", names))

    # ------------------------------------------------------------
    # Members who become one person
    # ------------------------------------------------------------

    def _become_one(self):
        """Of members of a campaign who are one person from now on, one is in: the one who was addressed the most.

        What still waits for the others is not sent, where the one has it already; the rest becomes theirs. What was
        sent to the others stays with them: it was sent.
        """
        self._stay_removed()
        # sudo: whoever merges customers need not see what is planned with them
        for members in self.sudo().filtered(lambda member: member.state == "in").grouped("campaign_id").values():
            if len(members) < 2:
                continue
            ranked = members.sorted(lambda member: (-member._count_dispatches(), member.id))
            one, others = ranked[0], ranked[1:]
            for dispatch in others.dispatch_ids.filtered(lambda dispatch: dispatch.state == "waiting"):
                if one._has_dispatch_like(dispatch):
                    dispatch.write({"state": "left_out", "reason": "double"})
                else:
                    dispatch.write({"member_id": one.id})
                dispatch.flush_recordset()
                one.invalidate_recordset(["dispatch_ids"])
            one.result_lead_id = one.result_lead_id or others.result_lead_id[:1]
            others.write({"state": "left_out", "reason": "double"})
        self.flush_model()

    def _count_dispatches(self):
        return len(self.dispatch_ids.filtered(lambda dispatch: dispatch.state != "left_out"))

    def _stay_removed(self):
        """A person whom somebody took out by hand stays out, whichever of the members it was."""
        # sudo: as above
        for members in self.sudo().grouped("campaign_id").values():
            if "removed" not in members.mapped("reason"):
                continue
            out = {"state": "left_out", "reason": "removed"}
            inside = members.filtered(lambda member: member.state == "in")
            inside.dispatch_ids.filtered(lambda dispatch: dispatch.state == "waiting").write(out)
            inside.write(out)

    def _has_dispatch_like(self, dispatch):
        """Whether this member is in the same step, or addressed on the same channel."""
        return any(
            own.step_id == dispatch.step_id or (own.channel == dispatch.channel and own.state != "left_out")
            for own in self.dispatch_ids
        )
