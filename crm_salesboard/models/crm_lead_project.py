from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    """What a company notes of a project besides Odoo's own fields, from choice lists where it maintains them."""

    _inherit = "crm.lead"

    kind_id = fields.Many2one(
        "crm.choice", "Kind", index="btree_not_null", ondelete="restrict", domain="[('usage', '=', 'kind')]"
    )
    date_start = fields.Date("Start Date", default=fields.Date.context_today)
    notepad = fields.Html(help="Room for notes of any length, beside the summary.")
    subject_list_id = fields.Many2one(related="team_id.process_id.subject_list_id")
    subject_id = fields.Many2one(
        "crm.choice",
        "Fixed Subject",
        compute="_compute_subject_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('list_id', '=', subject_list_id)]",
        help="The subject, where the process has a list of them.",
    )
    chance_list_id = fields.Many2one("crm.choice.list", compute="_compute_chance_list_id")
    weight_is_fixed = fields.Boolean(compute="_compute_chance_list_id")
    chance_id = fields.Many2one(
        "crm.choice",
        "Chance",
        compute="_compute_chance_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('list_id', '=', chance_list_id)]",
        help="Sets the weight of the project to its percentage.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("name", "team_id")
    def _compute_subject_id(self):
        for lead in self:
            choices = lead.team_id.process_id.subject_list_id.choice_ids
            if lead.subject_id not in choices or lead.subject_id.name != lead.name:
                lead.subject_id = choices._named(lead.name)[:1]

    @api.depends("team_id")
    def _compute_chance_list_id(self):
        standard = self.env.ref("crm_salesboard.crm_choice_list_chance", raise_if_not_found=False)
        for lead in self:
            fixed = lead.team_id.process_id.chance_list_id
            lead.chance_list_id = fixed or standard
            lead.weight_is_fixed = bool(fixed)

    @api.depends("probability", "team_id")
    def _compute_chance_id(self):
        """The chance that stands for the weight, none where it was estimated or lies between two."""
        # Asked once: without chances of that weight native projects cost nothing more than natively.
        by_weight = self.env["crm.choice"]._chances_by_weight()
        for lead in self:
            chance = lead.chance_id
            fixed = lead.team_id.process_id.chance_list_id
            of_list = not fixed or chance.list_id == fixed
            if chance and of_list and round(chance.percentage, 2) == round(lead.probability, 2):
                continue
            by_hand = fixed or not lead.is_automated_probability
            found = by_weight.get((fixed.id, round(lead.probability, 2))) if by_hand else False
            lead.chance_id = found or False

    @api.onchange("subject_id")
    def _onchange_subject_id(self):
        if self.subject_id and self.name != self.subject_id.name:
            self.name = self.subject_id.name

    @api.onchange("chance_id")
    def _onchange_chance_id(self):
        if self.chance_id and self.probability != self.chance_id.percentage:
            self.probability = self.chance_id.percentage

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_choices(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_choices(vals))

    @api.model
    def _with_choices(self, vals):
        """Add what a chosen subject or chance stands for.

        :raise ValidationError: the weight given beside a chance is not the chance's
        """
        choices = self.env["crm.choice"]
        if vals.get("subject_id") and not vals.get("name"):
            vals = {**vals, "name": choices.browse(vals["subject_id"]).name}
        if vals.get("chance_id"):
            chance = choices.browse(vals["chance_id"])
            if round(vals.get("probability", chance.percentage), 2) != round(chance.percentage, 2):
                raise ValidationError(
                    _(
                        "The chance %(chance)s stands for a weight of %(percentage)s %%, and %(weight)s %% was given "
                        "as well. Give one of them.",
                        chance=chance.name,
                        percentage=chance.percentage,
                        weight=vals["probability"],
                    )
                )
            vals = {**vals, "probability": chance.percentage}
        return vals

    # ------------------------------------------------------------
    # Fixed subjects and weights
    # ------------------------------------------------------------

    @api.constrains("name", "team_id", "type")
    def _check_subject(self):
        """Hold projects to the subjects of their process; what is not qualified yet keeps the words it came with.

        :raise ValidationError: it names the subject and those to choose from
        """
        for lead in self:
            choices = lead.team_id.process_id.subject_list_id.choice_ids
            if lead.type != "opportunity" or not lead.stage_id or not choices or choices._named(lead.name):
                continue
            raise ValidationError(
                _(
                    "%(subject)s is not a subject of %(process)s. Choose one of: %(choices)s.",
                    subject=lead.name,
                    process=lead.team_id.process_id.name,
                    choices=", ".join(choices.mapped("name")),
                )
            )

    @api.constrains("probability", "team_id", "type")
    def _check_weight(self):
        """Hold open projects to the weights of their process.

        :raise ValidationError: it names the weight and those to choose from
        """
        for lead in self:
            choices = lead.team_id.process_id.chance_list_id.choice_ids
            if not choices or lead.won_status != "pending" or not lead.stage_id or not lead.active:
                continue
            weights = choices.mapped("percentage")
            if round(lead.probability, 2) not in {round(weight, 2) for weight in weights}:
                raise ValidationError(
                    _(
                        "A weight of %(weight)s %% is not one of %(process)s. Choose one of: %(weights)s.",
                        weight=round(lead.probability, 2),
                        process=lead.team_id.process_id.name,
                        weights=", ".join(f"{weight:g} %" for weight in weights),
                    )
                )

    def _after_move(self, before, vals):
        res = super()._after_move(before, vals)
        self.filtered(lambda lead: before[lead][0].kind == "unprocessed")._check_subject()
        return res

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Estimate nothing but the weights of the process, where it has fixed ones."""
        probabilities, tooltip = super()._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
        for lead in self if probabilities else ():
            weights = lead.team_id.process_id.chance_list_id.choice_ids.mapped("percentage")
            estimate = probabilities.get(lead.id)
            if weights and estimate is not None and 0 < estimate < 100:
                probabilities[lead.id] = min(weights, key=lambda weight, estimate=estimate: abs(weight - estimate))
        return probabilities, tooltip

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """Keep what only the merged projects had: Odoo merges the fields that it is told of, and no others."""
        return {
            **super()._merge_get_fields_specific(),
            "notepad": lambda fname, leads: "<br/><br/>".join(filter(None, leads.mapped(fname))) or False,
            "date_start": lambda fname, leads: min(filter(None, leads.mapped(fname)), default=False),
        }

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "kind_id", "native_stage_id"]
