import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html_escape

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """The activities that a process wants done on a project as soon as it stands in a column.

    Whichever way it comes there: made, moved, imported, or by mail. Switching a team to a process moves nothing, and
    taking a move back takes back what it planned, unless somebody has worked on it.
    """

    _inherit = "crm.lead"

    def _schedule_column_plans(self, moves=None):
        """Plan the activities of the columns that these projects have just come to, for all of them at once.

        Nothing that goes wrong here keeps a project from its column: the user is told, and so is the project.

        :param moves: ``{crm.lead: crm.lead.move}`` that brought them there, empty for new projects
        """
        if self.env.context.get("mail_activity_automation_skip"):
            return
        columns = self.env["crm.process.column"]._plans_by_column()
        leads = self.filtered(lambda lead: lead.board_column_id.id in columns)
        if not leads:
            return
        vals_list, problems = leads._prepare_column_plans(columns, moves or {})
        problems += self._create_planned(vals_list)
        self._tell_unplanned(problems)

    def _prepare_column_plans(self, columns, moves):
        """The values of the activities, and ``[(project, why)]`` of those that cannot be planned."""
        # sudo: who moves a project need not be allowed to read the plans of its process
        leads = self.sudo()
        planned = leads._open_automatic()
        vals_list, problems = [], []
        for lead in leads:
            plan = self.env["mail.activity.plan"].sudo().browse(columns[lead.board_column_id.id])
            if plan.company_id and lead.company_id and plan.company_id != lead.company_id:
                continue
            for template in plan.template_ids:
                user, why = lead._responsible_of(template)
                if why:
                    problems.append((lead, why))
                elif (lead.id, template.activity_type_id.id, template.summary or "") not in planned:
                    vals_list.append(lead._prepare_planned(template, user, moves.get(lead.sudo(False))))
        return vals_list, problems

    def _responsible_of(self, template):
        """Who is to do what a plan says on this project, or why nobody can."""
        found = template._determine_responsible(self.user_id, self)
        user = found["responsible"]
        if found["error"] or not user:
            return user, found["error"] or self.env._("Nobody is responsible.")
        if not user.active:
            return user, self.env._("%(user)s does not work here any more.", user=user.name)
        if self._users_without_access(user):
            return user, self.env._("%(user)s has no access to this restricted project.", user=user.name)
        return user, False

    def _prepare_planned(self, template, user, move):
        return {
            "activity_type_id": template.activity_type_id.id,
            "summary": template.summary,
            "note": template.note,
            "automated": True,
            "date_deadline": template._get_date_deadline(),
            "user_id": user.id,
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.id,
            "crm_move_id": move.id if move else False,
        }

    def _open_automatic(self):
        """What plans have left to do on these projects: it is not asked for twice."""
        domain = [("res_model", "=", "crm.lead"), ("res_id", "in", self.ids), ("automated", "=", True)]
        activities = self.env["mail.activity"].sudo().search_fetch(domain, ["res_id", "activity_type_id", "summary"])
        return {(activity.res_id, activity.activity_type_id.id, activity.summary or "") for activity in activities}

    @api.model
    def _create_planned(self, vals_list):
        """Make the activities; one mail for each of a batch would drown whom they are for, whose list shows them.

        :return: ``[(project, why)]`` of those that could not be made
        """
        if not vals_list:
            return []
        is_batch = len({vals["res_id"] for vals in vals_list}) > 1
        # sudo: the process says who does what, whoever moved the project
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=is_batch)
        try:
            with self.env.cr.savepoint():
                activities.create(vals_list)
                self.env.flush_all()
        except (UserError, ValidationError, AccessError) as error:
            _logger.info("The activities of a plan could not be made: %s", error)
            return [(self.browse(res_id), str(error)) for res_id in {vals["res_id"] for vals in vals_list}]
        return []

    @api.model
    def _tell_unplanned(self, problems):
        """Say on the projects and to the user what was not planned, and why."""
        if not problems:
            return
        reasons = {}
        for lead, why in problems:
            reasons.setdefault(lead.id, {})[why] = True
        leads = self.browse(reasons).sudo()  # sudo: a note by the process
        title = self.env._("Not all automatic activities were planned")
        bodies = {lead.id: html_escape(f"{title}: {' '.join(reasons[lead.id])}") for lead in leads}
        leads._message_log_batch(bodies)
        shown = ", ".join(lead.name for lead in leads[:3])
        self.env.user._bus_send(
            "simple_notification",
            {"type": "warning", "title": title, "message": f"{shown}: {problems[0][1]}", "sticky": False},
        )

    def _unplan(self, move):
        """Take back what a move planned, where nobody has done or changed anything of it.

        :param move: ``crm.lead.move`` that is being undone
        """
        # sudo: made by the process, gone with what it was made for
        activities = self.env["mail.activity"].sudo().search([("crm_move_id", "=", move.id)])
        activities.filtered(lambda activity: activity.write_date == activity.create_date).unlink()
