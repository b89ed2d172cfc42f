from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import rules


class CrmLeadInbox(models.Model):
    """Who gets a lead, and why: decided for all records of a batch, and kept with each."""

    _inherit = "crm.lead.inbox"

    assignment_reason = fields.Char(string="Assigned Because", compute="_compute_assignment_reason")

    @api.model
    def _assign(self, config, entries, turns):
        """Set ``user_id``, ``team_id`` and ``assignment`` of each record.

        ``assignment`` holds all that the decision depends on: ``kind``, ``rule_id`` and ``rule`` (its name then),
        ``turn``, the ``candidates`` or their ``loads``, and the names of the rules that had nobody (``empty``).

        :param config: the source's configuration
        :param list entries: see tools/entry.py
        :param dict turns: whose turn it was, by rule and row, for when a batch is processed again in halves
        """
        source = self.env["crm.intake.source"].browse(config.id)
        waiting = entries
        users = self._find_users(config, source, entries)
        if config.keep_owner:
            waiting = self._assign_to_owners(users, entries)
        texts = self._get_texts(config, waiting)
        for rule in config.rules:
            fitting = [entry for entry in waiting if rule.fits(entry.found, texts(rule, entry))]
            if fitting:
                self._assign_by_rule(config, source, rule, users, fitting, turns)
                waiting = [entry for entry in waiting if "kind" not in (entry.assignment or {})]
        for entry in waiting:
            self._assign_otherwise(source, users, entry)
        self._set_teams(source, entries)

    @api.model
    def _find_users(self, config, source, entries):
        """Of all who may come into question those who are there: active, employees, and allowed in the company."""
        candidates = {source.user_id.id, source.team_id.user_id.id}
        candidates.update(entry.partner_user_id for entry in entries)
        candidates.update(user_id for rule in config.rules for user_id in rule.user_ids)
        teams = [rule.team_id or source.team_id.id for rule in config.rules if rule.target == "capacity"]
        members = self.env["crm.team.member"].search_fetch([("crm_team_id", "in", teams)], ["user_id"]) if teams else ()
        candidates.update(member.user_id.id for member in members)
        self.env["res.users"].flush_model(["active", "share", "company_ids"])
        self.env.cr.execute(
            SQL(
                """
                SELECT users.id FROM res_users users
                  JOIN res_company_users_rel allowed ON allowed.user_id = users.id AND allowed.cid = %s
                 WHERE users.id = ANY(%s) AND users.active AND users.share IS NOT TRUE
                """,
                config.company_id,
                list(candidates - {None, False}),
            )
        )
        return {user_id for (user_id,) in self.env.cr.fetchall()}

    @api.model
    def _assign_to_owners(self, users, entries):
        """Give customers' leads to their salesperson, and return the others."""
        for entry in entries:
            if entry.partner_user_id in users:
                entry.user_id = entry.partner_user_id
                entry.assignment = {"kind": "owner", "partner_id": entry.partner_id}
        return [entry for entry in entries if not entry.assignment]

    @api.model
    def _get_texts(self, config, entries):
        """A function that tells what a person calls the value of a rule's field in a lead.

        Names of records are read for all records of the batch at once.
        """
        targets = {rule.field for rule in config.rules if rule.field}
        models_of = {
            name: self.env["crm.lead"]._fields[config.specs[name].target].comodel_name
            for name in targets
            if name in config.specs
        }
        names = {}
        for name, model in models_of.items():
            if model:
                ids = {record_id for entry in entries for record_id in _as_ids(entry.found.get(name))}
                names[name] = {record.id: record.display_name for record in self.env[model].browse(ids)}

        def texts(rule, entry):
            value = entry.found.get(rule.field)
            if rule.field in names:
                return [names[rule.field][record_id] for record_id in _as_ids(value)]
            return () if value is None else _as_texts(value)

        return texts

    # ------------------------------------------------------------
    # By rule
    # ------------------------------------------------------------

    @api.model
    def _assign_by_rule(self, config, source, rule, users, entries, turns):
        """Give leads to those a rule names; where there is nobody the reason says so, and they go on."""
        candidates = [user_id for user_id in rule.user_ids if user_id in users]
        loads = self._get_loads(rule.team_id or source.team_id.id, users) if rule.target == "capacity" else {}
        if not candidates and not loads:
            for entry in entries:
                _skip(entry, rule)
            return
        self._take_turns(rule, entries, turns)
        for entry in entries:
            turn = turns.get((rule.id, entry.row_id))
            if rule.target == "capacity":
                self._assign_by_capacity(rule, loads, turn, entry)
            else:
                entry.user_id = rules.pick_in_turn(candidates, turn or 0)
                _keep(entry, rule, candidates=candidates, **({"turn": turn} if turn is not None else {}))

    @api.model
    def _assign_by_capacity(self, rule, loads, turn, entry):
        user_id = rules.pick_by_capacity(loads, turn)
        if not user_id:
            _skip(entry, rule)
            return
        entry.user_id = user_id
        _keep(entry, rule, turn=turn, loads={str(user): list(load) for user, load in loads.items()})
        leads, capacity = loads[user_id]
        loads[user_id] = (leads + 1, capacity)

    @api.model
    def _take_turns(self, rule, entries, turns):
        """Take numbers, of which two transactions never get the same, and which nobody waits for."""
        missing = [entry for entry in entries if (rule.id, entry.row_id) not in turns]
        if rule.target == "user" or not missing:
            return
        self.env.cr.execute(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{rule.sequence_id:03d}", len(missing))
        )
        for entry, (number,) in zip(missing, self.env.cr.fetchall(), strict=True):
            turns[rule.id, entry.row_id] = number

    @api.model
    def _get_loads(self, team_id, users):
        """``{user id: (leads of the last 30 days, capacity)}`` of a team's members who do not pause.

        Until the end of the transaction nobody else gives leads to this team by capacity, so that each counts what the
        one before has given.
        """
        if not team_id:
            return {}
        self.env["crm.intake.lock"]._hold([f"team:{team_id}"])
        self.env.flush_all()
        members = self.env["crm.team.member"].search(
            [("crm_team_id", "=", team_id), ("assignment_optout", "=", False), ("assignment_max", ">", 0)]
        )
        members.invalidate_recordset(["lead_month_count"])
        return {
            member.user_id.id: (member.lead_month_count, member.assignment_max)
            for member in members
            if member.user_id.id in users
        }

    # ------------------------------------------------------------
    # Without a rule, and the team
    # ------------------------------------------------------------

    @api.model
    def _assign_otherwise(self, source, users, entry):
        others = {"source": source.user_id, "leader": source.team_id.user_id}
        kind = next((kind for kind, user in others.items() if user.id in users), "nobody")
        if kind in others:
            entry.user_id = others[kind].id
        entry.assignment = {**(entry.assignment or {}), "kind": kind}

    @api.model
    def _set_teams(self, source, entries):
        """The team that the rule says, else the source's, else the one that the salesperson is in."""
        team_of_user = {}
        for entry in entries:
            entry.team_id = entry.assignment.get("team_id") or source.team_id.id
            if entry.user_id and not entry.team_id:
                if entry.user_id not in team_of_user:
                    team_of_user[entry.user_id] = self._get_default_team(entry.user_id)
                entry.team_id = team_of_user[entry.user_id]
            entry.team_id = entry.team_id or None

    @api.model
    def _get_default_team(self, user_id):
        field = "use_leads" if self._get_lead_type() == "lead" else "use_opportunities"
        return self.env["crm.team"]._get_default_team_id(user_id=user_id, domain=[(field, "=", True)]).id

    # ------------------------------------------------------------
    # Why, for people
    # ------------------------------------------------------------

    @api.depends("assignment")
    @api.depends_context("lang")
    def _compute_assignment_reason(self):
        for row in self:
            row.assignment_reason = row._describe_assignment(row.assignment) if row.assignment else False

    @api.model
    def _describe_assignment(self, assignment):
        """Why somebody got a lead, as a person reads it.

        :param dict assignment: see :meth:`_assign`
        """
        _ = self.env._
        loads = assignment.get("loads") or {}
        reason = {
            "owner": _("The customer's salesperson"),
            "user": _("Rule %(rule)s", rule=assignment.get("rule")),
            "turns": _(
                "Rule %(rule)s: turn %(turn)s among %(count)s",
                rule=assignment.get("rule"),
                turn=assignment.get("turn"),
                count=len(assignment.get("candidates") or ()),
            ),
            "capacity": _(
                "Rule %(rule)s: most capacity left among %(count)s", rule=assignment.get("rule"), count=len(loads)
            ),
            "source": _("The salesperson of the source"),
            "leader": _("The leader of the team"),
            "nobody": _("No rule fits, and the source has no salesperson"),
        }[assignment["kind"]]
        if not assignment.get("empty"):
            return reason
        return _("%(reason)s. Nobody was there by: %(rules)s", reason=reason, rules=", ".join(assignment["empty"]))


def _keep(entry, rule, **why):
    """Write down that a rule gave a lead away."""
    entry.assignment = {
        **(entry.assignment or {}),
        "kind": rule.target,
        "rule_id": rule.id,
        "rule": rule.name,
        "team_id": rule.team_id,
        **why,
    }


def _skip(entry, rule):
    """Write down that a rule fits but had nobody."""
    entry.assignment = entry.assignment or {}
    entry.assignment.setdefault("empty", []).append(rule.name)


def _as_ids(value):
    """The ids of a value of a many2one, or of commands for a many2many."""
    if isinstance(value, list):
        return [record_id for command in value for record_id in command[2]]
    return [value] if value else []


def _as_texts(value):
    if isinstance(value, bool):
        return ("true", "yes", "1") if value else ("false", "no", "0")
    if isinstance(value, float):
        return (f"{value:g}", str(value))
    return (str(value),)
