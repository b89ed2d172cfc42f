from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Set in the context by server code alone: no caller over RPC can send this very object, whatever it writes there.
ANY_SUBJECT = object()


class CrmLead(models.Model):
    """What a company notes of a project besides Odoo's own fields, from choice lists where it maintains them."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.choice.panel.mixin"]

    kind_id = fields.Many2one(
        "crm.choice", index="btree_not_null", ondelete="restrict", domain="[('usage', '=', 'kind')]"
    )
    date_start = fields.Date("Start Date", default=fields.Date.context_today, copy=False)
    notepad = fields.Html(help="Room for notes of any length, beside the summary.")
    subject_list_id = fields.Many2one("crm.choice.list", compute="_compute_fixed_lists")
    subject_is_fixed = fields.Boolean(compute="_compute_fixed_lists")
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
    chance_list_id = fields.Many2one("crm.choice.list", compute="_compute_fixed_lists")
    weight_is_fixed = fields.Boolean(compute="_compute_fixed_lists")
    chance_id = fields.Many2one(
        "crm.choice",
        compute="_compute_chance_id",
        store=True,
        readonly=False,
        copy=False,
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
            subject_list = lead.team_id.process_id.subject_list_id
            if lead.subject_id and lead.subject_id.list_id == subject_list and lead.subject_id._named(lead.name):
                continue
            lead.subject_id = subject_list.choice_ids._named(lead.name)[:1]

    @api.depends("team_id")
    def _compute_fixed_lists(self):
        standard = self.env.ref("crm_salesboard.crm_choice_list_chance", raise_if_not_found=False)
        for lead in self:
            process = lead.team_id.process_id
            lead.subject_list_id = process.subject_list_id
            # A list that is still empty leaves the choice free: nothing could be chosen.
            lead.subject_is_fixed = bool(process.subject_list_id.choice_ids)
            lead.weight_is_fixed = bool(process.chance_list_id.choice_ids)
            lead.chance_list_id = process.chance_list_id or standard

    @api.depends("probability", "team_id")
    def _compute_chance_id(self):
        """The chance that stands for the weight, none where it was estimated or lies between two.

        A closed project keeps the chance that it was given: its weight is back with it when it is reopened.
        """
        # Asked once: without chances of that weight native projects cost nothing more than natively.
        by_weight = self.env["crm.choice"]._chances_by_weight()
        for lead in self:
            chance, weight = lead.chance_id, round(lead.probability, 2)
            fixed = lead.team_id.process_id.chance_list_id
            of_list = not fixed or chance.list_id == fixed
            if chance and (lead.won_status != "pending" or (of_list and round(chance.percentage, 2) == weight)):
                continue
            found = by_weight.get((fixed.id, weight))
            by_hand = found and (fixed or not lead.is_automated_probability)
            lead.chance_id = by_hand and lead.won_status == "pending" and found

    @api.onchange("subject_id")
    def _onchange_subject_id(self):
        if self.subject_id and not self.subject_id._named(self.name):
            self.name = self.subject_id.name

    @api.onchange("chance_id")
    def _onchange_chance_id(self):
        if self.chance_id and self.won_status == "pending" and self.probability != self.chance_id.percentage:
            self.probability = self.chance_id.percentage

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def _init_column(self, column_name):
        """Let projects from before start on the day they were made, not on that of the installation."""
        if column_name == "date_start":
            self.env.cr.execute(SQL("UPDATE crm_lead SET date_start = create_date::date WHERE date_start IS NULL"))
        else:
            super()._init_column(column_name)

    @api.model_create_multi
    def create(self, vals_list):
        # A card that is added in a column of the native kanban, grouped by chance, has its chance from the context.
        names = [name for name in ("subject_id", "chance_id") if self.env.context.get(f"default_{name}")]
        defaults = {name: self.env.context[f"default_{name}"] for name in names}
        vals_list = [self._with_choices({**defaults, **vals}) for vals in vals_list]
        leads = super().create(vals_list)
        leads._check_subject()
        weighed = leads.browse(lead.id for lead, vals in zip(leads, vals_list, strict=True) if "probability" in vals)
        weighed._check_weight()
        (leads - weighed)._follow_fixed_weights()
        return leads

    def write(self, vals):
        closed = self.browse()
        if vals.get("chance_id") and {"board_column_id", "stage_id", "active"}.isdisjoint(vals):
            closed = self.filtered(lambda lead: lead.won_status != "pending")
        if closed and closed != self:
            return closed.write(dict(vals)) and (self - closed).write(dict(vals))
        res = super().write(self._with_choices(vals, closed=bool(closed)))
        if not {"name", "subject_id", "type"}.isdisjoint(vals):
            self._check_subject()
        if "probability" in vals or vals.get("chance_id"):
            self._check_weight()
        elif "chance_id" in vals:
            # With fixed weights there is no weight without a chance.
            self.env.add_to_compute(self._fields["chance_id"], self.filtered("weight_is_fixed"))
        return res

    @api.model
    def _with_choices(self, vals, closed=False):
        """Add what a chosen subject or chance stands for.

        :param bool closed: whether the values are for closed projects; on these a chance says what was thought of them
        :raise ValidationError: the name or weight given besides is not that of the subject or chance
        """
        if vals.get("subject_id"):
            subject = self.env["crm.choice"].browse(vals["subject_id"])
            vals = {**vals, "name": vals.get("name") or subject.name}
            if not subject._named(vals["name"]):
                raise ValidationError(
                    _(
                        "The subject is %(subject)s, and the name %(name)s was given as well. Give one of them.",
                        subject=subject.name,
                        name=vals["name"],
                    )
                )
        if vals.get("chance_id") and not closed and not self._closes(vals):
            chance = self.env["crm.choice"].browse(vals["chance_id"])
            weight = vals.get("probability", chance.percentage)
            if round(float(weight or 0), 2) != round(chance.percentage, 2):
                raise ValidationError(
                    _(
                        "The chance %(chance)s stands for a weight of %(percentage)s %%, and %(weight)s %% was given "
                        "as well. Give one of them.",
                        chance=chance.name,
                        percentage=f"{chance.percentage:g}",
                        weight=weight,
                    )
                )
            vals = {**vals, "probability": chance.percentage}
        return vals

    def _closes(self, vals):
        """Whether the values close a project, and thereby set its weight."""
        column = vals.get("board_column_id", self.env.context.get("default_board_column_id"))
        stage = self.env["crm.stage"].browse(vals.get("stage_id") or ())
        return self._target_column(column)._is_closed() or stage.is_won or not vals.get("active", True)

    # ------------------------------------------------------------
    # Fixed subjects and weights
    # ------------------------------------------------------------

    @api.constrains("kind_id", "subject_id", "chance_id")
    def _check_choices(self):
        """Accept choices of the lists that the form offers.

        :raise ValidationError: it names the choice and the field
        """
        for lead in self:
            process = lead.team_id.process_id
            for name, usage, fixed in (
                ("kind_id", "kind", None),
                ("subject_id", "subject", process.subject_list_id),
                ("chance_id", "chance", process.chance_list_id),
            ):
                choice = lead[name]
                if choice and (choice.usage != usage or (fixed and choice.list_id != fixed)):
                    field = self.env["ir.model.fields"]._get(self._name, name).sudo()
                    raise ValidationError(
                        _("%(choice)s is not offered as %(field)s.", choice=choice.name, field=field.field_description)
                    )

    def _check_subject(self):
        """Hold projects to the subjects of their process; what is not qualified yet keeps the words it came with.

        So does what a program brings, such as an e-mail or a form of the website: better that than losing it.

        :raise ValidationError: it names the subject and those to choose from
        """
        if self.env.su or self.env.context.get("crm_any_subject") is ANY_SUBJECT:
            return
        for lead in self:
            process = lead.team_id.process_id
            choices = process.subject_list_id.choice_ids
            if not choices or lead.board_column_id.kind in (False, "unprocessed"):
                continue
            if not (choices | lead.subject_id)._named(lead.name):
                raise ValidationError(
                    _(
                        "%(subject)s is not a subject of %(process)s. Choose one of: %(choices)s.",
                        subject=lead.name,
                        process=process.name,
                        choices=", ".join(choices.mapped("name")),
                    )
                )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a project of an e-mail under the subject of that, whichever subjects the process has."""
        leads = self.with_context(crm_any_subject=ANY_SUBJECT)
        return super(CrmLead, leads).message_new(msg_dict, custom_values).with_env(self.env)

    def _fixed_weights(self):
        """The weights that an open project may have, empty where any will do."""
        self.ensure_one()
        chance_list = self.team_id.process_id.chance_list_id
        if not chance_list.choice_ids or self.board_column_id.kind != "status":
            return []
        own = self.chance_id.filtered(lambda chance: chance.list_id == chance_list)  # kept, also when archived
        return [round(weight, 2) for weight in (chance_list.choice_ids | own).mapped("percentage")]

    def _check_weight(self):
        """Hold open projects to the weights of their process.

        :raise ValidationError: it names the weight and those to choose from
        """
        for lead in self:
            weights = lead._fixed_weights()
            if weights and round(lead.probability, 2) not in weights:
                raise ValidationError(
                    _(
                        "A weight of %(weight)s %% is not one of %(process)s. Choose one of: %(weights)s.",
                        weight=f"{lead.probability:g}",
                        process=lead.team_id.process_id.name,
                        weights=", ".join(f"{weight:g} %" for weight in weights),
                    )
                )

    def _follow_fixed_weights(self):
        """Give open projects that came without a weight, or with that of another process, the nearest one."""
        for lead in self:
            weights = lead._fixed_weights()
            if weights and round(lead.probability, 2) not in weights:
                nearest = min(weights, key=lambda weight, lead=lead: abs(weight - lead.probability))
                names = ["probability"] + ["automated_probability"] * lead.is_automated_probability
                lead._write_native(dict.fromkeys(names, nearest))

    def _after_move(self, before, vals):
        res = super()._after_move(before, vals)
        self.filtered(lambda lead: before[lead][0].kind == "unprocessed")._check_subject()
        if "probability" not in vals:
            self._follow_fixed_weights()
        return res

    def _after_reopening(self, vals):
        """Bring back the chance of before: others may stand for the same weight."""
        super()._after_reopening(vals)
        if vals.get("chance_id"):
            return
        closings = self._last_closings()
        for lead in self:
            chance = self.env["crm.choice"].browse((closings[lead].before or {}).get("chance_id") or ()).exists()
            if chance and chance != lead.chance_id and round(chance.percentage, 2) == round(lead.probability, 2):
                lead._write_native({"chance_id": chance.id})

    @api.model
    def _follow_lists(self, teams):
        """Look up the subject and the chance of open projects anew, in the lists that their process has now."""
        # sudo: the lists hold for all projects, also those that a record rule hides from this manager
        leads = self.sudo().search([("team_id", "in", teams.ids), ("won_status", "=", "pending")])
        for name in ("subject_id", "chance_id"):
            self.env.add_to_compute(self._fields[name], leads)

    # ------------------------------------------------------------
    # Estimates
    # ------------------------------------------------------------

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Estimate nothing but the weights of the process, where it has fixed ones."""
        probabilities, tooltip = super()._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
        leads = self if probabilities else self.browse()
        if batch_mode and probabilities:
            # Native code does not read the projects here, of which there may be very many.
            teams = self.env["crm.team"].sudo().search([("process_id.chance_list_id", "!=", False)])
            leads = self.filtered(lambda lead: lead.team_id in teams) if teams else self.browse()
        for lead in leads:
            weights = lead.team_id.process_id.chance_list_id.choice_ids.mapped("percentage")
            estimate = probabilities.get(lead.id)
            if weights and estimate is not None and 0 < estimate < 100:
                probabilities[lead.id] = min(weights, key=lambda weight, estimate=estimate: abs(weight - estimate))
        return probabilities, tooltip

    def _update_automated_probabilities(self):
        """Native code estimates in SQL: the chances follow here."""
        super()._update_automated_probabilities()
        self.env["crm.choice"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id
                  FROM crm_lead lead
                  JOIN crm_team team ON team.id = lead.team_id
                  LEFT JOIN crm_process process ON process.id = team.process_id
                  LEFT JOIN crm_choice chance ON chance.id = lead.chance_id
                 WHERE lead.won_status = 'pending'
                   AND (round(lead.probability::numeric, 2) != round(chance.percentage::numeric, 2)
                        OR chance.id IS NULL AND process.chance_list_id IS NOT NULL)
                """
            )
        )
        self.env.add_to_compute(self._fields["chance_id"], self.browse(lead_id for (lead_id,) in rows))

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
