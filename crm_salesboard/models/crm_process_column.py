from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

KINDS = [
    ("unprocessed", "Unprocessed"),
    ("status", "Status"),
    ("order", "Order"),
    ("lost", "Lost"),
    ("cancelled", "Cancelled"),
]
CLOSED_KINDS = ("order", "lost", "cancelled")
# Outcomes stand behind every status, whatever sequence an administrator gives to those.
_KIND_SEQUENCE = {"unprocessed": -1, "order": 1_000_000, "lost": 1_000_001, "cancelled": 1_000_002}
# (text, background) of the columns that have no status to take their colours from; contrast above 4.5.
_KIND_COLORS = {
    "unprocessed": ("#374151", "#F3F4F6"),
    "lost": ("#991B1B", "#FEE2E2"),
    "cancelled": ("#374151", "#E5E7EB"),
}


class CrmProcessColumn(models.Model):
    """A column of the Sales Board.

    Kept up by the process: one for each status and one each for unprocessed, order, lost and cancelled. A stored
    link from the project to its column is what lets Odoo's own kanban group, count, drag and search by it.
    """

    _name = "crm.process.column"
    _description = "Sales Board Column"
    _order = "process_sequence, process_id, sequence, id"

    process_id = fields.Many2one("crm.process", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    stage_id = fields.Many2one("crm.stage", "Status", index="btree_not_null", ondelete="cascade")
    process_sequence = fields.Integer("Process Order", related="process_id.sequence", store=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    name = fields.Char(compute="_compute_name")
    text_color = fields.Char(compute="_compute_colors")
    background_color = fields.Char(compute="_compute_colors")
    requirements = fields.Text(related="stage_id.requirements")
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        domain=[("res_model", "=", "crm.lead")],
        index="btree_not_null",
        ondelete="set null",
        help="What is to be done as soon as a project stands here, by whom and when: planned for it at that moment.",
    )

    _unique_stage = models.Constraint("UNIQUE(stage_id)", "A status has one column.")
    _unique_kind = models.UniqueIndex("(process_id, kind) WHERE stage_id IS NULL")

    @api.depends("kind", "stage_id.sequence")
    def _compute_sequence(self):
        for column in self:
            column.sequence = _KIND_SEQUENCE.get(column.kind, column.stage_id.sequence)

    @api.depends_context("lang")
    @api.depends("kind", "stage_id.name", "process_id.lost_name", "process_id.cancelled_name")
    def _compute_name(self):
        names = {
            "unprocessed": lambda column: self.env._("Unprocessed"),
            "lost": lambda column: column.process_id.lost_name,
            "cancelled": lambda column: column.process_id.cancelled_name,
        }
        for column in self:
            column.name = names.get(column.kind, lambda c: c.stage_id.name)(column)

    @api.depends("name")
    def _compute_display_name(self):
        for column in self:
            column.display_name = column.name

    @api.depends("kind", "stage_id.text_color", "stage_id.background_color")
    def _compute_colors(self):
        for column in self:
            text, background = _KIND_COLORS.get(column.kind, (False, False))
            column.text_color = column.stage_id.text_color or text or "#1F2937"
            column.background_color = column.stage_id.background_color or background or "#E5E7EB"

    def _search_display_name(self, operator, value):
        # There are few columns, and the names of the outcomes are the process' own and translated.
        return Domain("id", "in", self.search([]).filtered_domain([("name", operator, value)]).ids)

    @api.constrains("activity_plan_id")
    def _check_activity_plan(self):
        for column in self.filtered("activity_plan_id"):
            plan, company = column.activity_plan_id, column.process_id.company_id
            if plan.res_model != "crm.lead":
                raise ValidationError(self.env._("%(plan)s is no plan for projects.", plan=plan.name))
            if company and plan.company_id and plan.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(plan)s belongs to another company than %(process)s.",
                        plan=plan.name,
                        process=column.process_id.name,
                    )
                )

    @api.model
    @tools.ormcache()
    def _plans_by_column(self):
        """The plans that are in use, so that a move where none is costs no query.

        :return: ``{id of column: id of mail.activity.plan}``
        """
        columns = self.sudo().search([("activity_plan_id.active", "=", True)])
        return {column.id: column.activity_plan_id.id for column in columns}

    @api.model
    @tools.ormcache()
    def _ids_by_kind(self):
        """The columns of all processes, which is no secret, by kind; ``False`` stands for no column.

        :return: ``{kind: tuple of ids}``
        """
        groups = self.sudo()._read_group([], ["kind"], ["id:array_agg"])
        return {False: (False,), **{kind: tuple(ids) for kind, ids in groups}}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Write; of a column users choose nothing but the plan, the rest follows the process.

        :raise AccessError: anything else is written
        """
        if not self.env.su and vals.keys() - {"activity_plan_id"}:
            raise AccessError(self.env._("The columns of the board follow the statuses of the process. Change those."))
        if not {"kind", "activity_plan_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _is_closed(self):
        """Whether a project in this column has an outcome."""
        return self.kind in CLOSED_KINDS
