from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_project import ANY_SUBJECT


class CrmTeam(models.Model):
    _inherit = "crm.team"

    process_id = fields.Many2one(
        "crm.process",
        "CRM Process",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The statuses this team sells by, as columns of the Sales Board. Without one the team works with the "
        "stages of the native pipeline.",
    )
    stage_map_ids = fields.One2many("crm.team.stage.map", "team_id")

    @api.model
    def _domain_of_user(self):
        """The teams that the current user leads or works in.

        By the memberships, not by the teams' lists of members: there may be thousands.
        """
        return Domain("user_id", "=", self.env.uid) | Domain("crm_team_member_ids.user_id", "=", self.env.uid)

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        teams.process_id._check_sellable()
        teams.process_id._sync_team_ids()
        return teams

    def write(self, vals):
        """Writing ``process_id`` takes the team's projects along, with statuses matched by name and order.

        Use :meth:`switch_process` to say which stage becomes which status.
        """
        if "process_id" not in vals:
            return super().write(vals)
        process = self.env["crm.process"]._browse_existing(vals["process_id"])
        switching = self.filtered(lambda team: team.process_id != process)
        res = super().write({key: value for key, value in vals.items() if key != "process_id"})
        for team in switching:
            team.switch_process(process)
        return res

    def unlink(self):
        """Give the projects of the teams their native stage back first: without a team they are on no process."""
        for team in self.filtered("process_id"):
            team.switch_process(self.env["crm.process"])
        return super().unlink()

    def action_switch_process(self):
        """Open the assistant that shows which stage becomes which status before anything changes."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_team_process_switch_action")
        action["context"] = {"default_team_ids": [Command.set(self.ids)]}
        return action

    def action_leave_process(self):
        """Go back to the native pipeline, every project where it was."""
        for team in self:
            team.switch_process(self.env["crm.process"])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _action_assign_leads(self, *args, **kwargs):
        # Leads that are assigned by rules become projects under the words they came with.
        return super(CrmTeam, self.with_context(crm_any_subject=ANY_SUBJECT))._action_assign_leads(*args, **kwargs)

    # ------------------------------------------------------------
    # Switching
    # ------------------------------------------------------------

    @api.private
    def switch_process(self, process, mapping=None):
        """Let the team sell by ``process``, or by the native pipeline again where it is empty.

        All projects of the team, closed and archived ones too, get the status that ``mapping`` names, in one
        statement, whatever their number: all move or, after an error, none. Switching off brings each project back
        to the stage it had, or, where it has moved in between, to the stage that its status came from.

        :param process: ``crm.process``, empty to switch off
        :param dict mapping: ``{stage: status}`` of ``crm.stage`` records; stages left out are matched by name and order
        :raise UserError: a won stage is mapped to an open status or the other way round, or the status is of another
            process
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        process._check_sellable()
        mapping = self._prepare_switch_mapping(process, mapping or {})
        if process:
            self._apply_switch_on(process, mapping)
        else:
            self._apply_switch_off(mapping)
        previous = self.process_id
        super().write({"process_id": process.id})
        (previous | process)._sync_team_ids()
        self._refresh_leads()
        if (previous | process).subject_list_id or (previous | process).chance_list_id:
            self.env["crm.lead"]._follow_lists(self)

    def _switch_stages(self):
        """The stages that projects of this team have, archived ones included, with their number.

        :return: ``{crm.stage: count}``, without projects that have no stage
        """
        self.ensure_one()
        # sudo: the switch takes every project of the team along, also those that a record rule hides from this manager
        groups = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("team_id", "=", self.id), ("stage_id", "!=", False)], ["stage_id"], ["__count"])
        )
        return {stage.sudo(False): count for stage, count in groups}

    def _prepare_switch_mapping(self, process, mapping):
        stages = self._switch_stages()
        complete = {stage: mapping.get(stage) or self._default_switch_target(process, stage) for stage in stages}
        for stage, status in complete.items():
            if not status or status.process_id != process or bool(status.is_won) != bool(stage.is_won):
                raise UserError(
                    self.env._(
                        "%(stage)s cannot become %(status)s: won projects stay won, open ones stay open, and the "
                        "status must belong to the process.",
                        stage=stage.name,
                        status=status.name or self.env._("no status"),
                    )
                )
        return complete

    def _default_switch_target(self, process, stage):
        if process:
            return process._matching_stage(stage)
        own = self.stage_map_ids.filtered(lambda line: line.status_id == stage).native_stage_id
        if own:
            return own.sorted()[0]
        natives = self.env["crm.stage"].search([("process_id", "=", False), ("is_won", "=", stage.is_won)])
        natives = natives.filtered(lambda n: self in n.team_ids) or natives.filtered(lambda n: not n.team_ids)
        return natives[:1] if stage.is_won else stage._counterpart(natives)

    def _apply_switch_on(self, process, mapping):
        coming_from_native = not self.process_id
        if coming_from_native:
            self.stage_map_ids.unlink()
            self.env["crm.team.stage.map"].create(
                [
                    {"team_id": self.id, "native_stage_id": stage.id, "status_id": status.id}
                    for stage, status in mapping.items()
                ]
            )
        else:
            for line in self.stage_map_ids:
                line.status_id = mapping.get(line.status_id) or process._matching_stage(line.status_id)
        self._move_stages(mapping, remember=coming_from_native)

    def _apply_switch_off(self, mapping):
        """Put projects that have not moved back to the very stage they had, the others by the mapping."""
        self.env["crm.lead"].flush_model(["stage_id", "team_id", "native_stage_id"])
        self.env["crm.team.stage.map"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead lead SET stage_id = map.native_stage_id, native_stage_id = NULL
                  FROM crm_team_stage_map map
                 WHERE lead.team_id = %(team)s AND map.team_id = %(team)s
                   AND map.native_stage_id = lead.native_stage_id AND map.status_id = lead.stage_id
                """,
                team=self.id,
            )
        )
        self._move_stages(mapping, remember=False)
        self.env.cr.execute(SQL("UPDATE crm_lead SET native_stage_id = NULL WHERE team_id = %s", self.id))
        self.stage_map_ids.unlink()

    def _move_stages(self, mapping, remember):
        """Give all projects of the team their new stage, without a write per project.

        The status keeps standing for the same thing, so neither its date nor the weight nor the history change.
        """
        pairs = [(stage.id, status.id) for stage, status in mapping.items() if stage != status]
        if not pairs:
            return
        self.env["crm.lead"].flush_model(["stage_id", "team_id", "native_stage_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead lead SET stage_id = map.status%(remember)s
                  FROM (VALUES %(pairs)s) AS map (stage, status)
                 WHERE lead.team_id = %(team)s AND lead.stage_id = map.stage
                """,
                remember=SQL(", native_stage_id = map.stage") if remember else SQL(),
                pairs=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
                team=self.id,
            )
        )

    def _refresh_leads(self):
        """Put the team's projects in their column after a switch."""
        lead_model = self.env["crm.lead"]
        lead_model.invalidate_model(flush=True)
        lead_model._fill_board(SQL("lead.team_id = %s", self.id))
