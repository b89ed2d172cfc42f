from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import earth

# known by what is done, set by nobody
OWN = ("user_id", "released_on", "released_by_id")


class CrmGdprHold(models.Model):
    """A reason to keep the data of a contact for now, such as a legal dispute.

    It holds from its first to its last day, wherever on earth it is that day, or to the day on which it is released:
    nothing has to run for it to end. It is never deleted, only released, so that it can be shown why somebody was not
    anonymised at the time: also when the contact was deleted later, of which the log then has the fingerprint.

    A hold on a company holds its contact persons too: what it is about was said and written by them. A hold on a person
    holds the companies above as well, because whoever is anonymised goes with all contacts below; colleagues of that
    person are free.
    """

    _name = "crm.gdpr.hold"
    _description = "Hold on a Contact"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Contact", index=True, ondelete="set null")
    kind = fields.Selection(
        [("legal", "Legal dispute"), ("fiscal", "Tax or accounting"), ("other", "Other")],
        required=True,
        default="legal",
    )
    reason = fields.Char(required=True, help="Told to whoever wants to anonymise the contact meanwhile.")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last Day", help="Empty: until it is released.")
    user_id = fields.Many2one(
        "res.users", string="Set by", readonly=True, default=lambda self: self.env.user, index=True
    )
    released_on = fields.Date(readonly=True, copy=False)
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    state = fields.Selection(
        [("planned", "Not yet"), ("active", "Holds"), ("ended", "Ended"), ("released", "Released")],
        compute="_compute_state",
        search="_search_state",
    )

    _dates = models.Constraint("CHECK (date_to >= date_from)", "The last day is before the first.")

    @api.depends("date_from", "date_to", "released_on")
    def _compute_state(self):
        still, already = earth.get_days(fields.Datetime.now())
        for hold in self:
            if hold.released_on:
                hold.state = "released"
            elif hold.date_from and hold.date_from > already:
                hold.state = "planned"
            else:
                hold.state = "ended" if hold.date_to and hold.date_to < still else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._get_state_domains()[state] for state in value if state)

    @api.model
    def _get_state_domains(self):
        still, already = earth.get_days(fields.Datetime.now())
        unreleased = Domain("released_on", "=", False)
        is_over = Domain("date_to", "!=", False) & Domain("date_to", "<", still)
        return {
            "released": Domain("released_on", "!=", False),
            "planned": unreleased & Domain("date_from", ">", already),
            "ended": unreleased & Domain("date_from", "<=", already) & is_over,
            "active": unreleased & Domain("date_from", "<=", already) & ~is_over,
        }

    @api.model
    def _get_reasons(self, partners):
        """Tell why contacts are to be kept for now, in one query.

        :param partners: contacts; see the model for which others count for each
        :return: ``{contact's id: [why, …]}`` of those that are held
        :rtype: dict[int, list[str]]
        """
        found = self._find_holds(partners)
        # sudo: also a hold on the company above, which may be one of another company's contacts
        holds = self.sudo().browse({hold_id for _partner_id, hold_id in found})
        words = {hold.id: hold._get_words() for hold in holds}
        reasons = {}
        for partner_id, hold_id in found:
            reasons.setdefault(partner_id, []).append(words[hold_id])
        return reasons

    @api.model
    def _find_holds(self, partners):
        """Pairs of a contact's id and the id of an active hold on it, or on one above or below it."""
        if not partners:
            return []
        self.env["res.partner"].flush_model(["parent_id"])
        self.flush_model()
        still, already = earth.get_days(fields.Datetime.now())
        query = SQL(
            """
            WITH RECURSIVE above (partner_id, id) AS (
                SELECT id, id FROM res_partner WHERE id = ANY(%(ids)s)
                 UNION
                SELECT above.partner_id, child.parent_id
                  FROM above JOIN res_partner child ON child.id = above.id WHERE child.parent_id IS NOT NULL
            ), below (partner_id, id) AS (
                SELECT id, id FROM res_partner WHERE id = ANY(%(ids)s)
                 UNION
                SELECT below.partner_id, child.id FROM below JOIN res_partner child ON child.parent_id = below.id
            )
            SELECT family.partner_id, hold.id
              FROM (SELECT partner_id, id FROM above UNION SELECT partner_id, id FROM below) AS family
              JOIN crm_gdpr_hold hold ON hold.partner_id = family.id
             WHERE hold.released_on IS NULL AND hold.date_from <= %(already)s
               AND (hold.date_to IS NULL OR hold.date_to >= %(still)s)
             ORDER BY family.partner_id, hold.id
            """,
            ids=partners.ids,
            already=already,
            still=still,
        )
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _get_words(self):
        """The hold in one line, as whoever is refused reads it."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        values = {"kind": kind, "reason": self.reason, "contact": self.partner_id.display_name, "until": self.date_to}
        if self.date_to:
            return self.env._("%(kind)s: %(reason)s (hold on %(contact)s until %(until)s)", **values)
        return self.env._("%(kind)s: %(reason)s (hold on %(contact)s)", **values)

    @api.model
    def _has_field_access(self, field, operation):
        """Who set and who released a hold is not written by hand, over any door."""
        if operation == "write" and field.name in OWN and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        if not all(hold.partner_id for hold in holds):
            raise ValidationError(self.env._("A hold is on a contact."))
        holds._log("held")
        return holds

    def write(self, vals):
        if "partner_id" in vals and any(hold.partner_id.id != vals["partner_id"] for hold in self):
            raise ValidationError(
                self.env._("A hold stays on its contact. Release it, and set one on the other contact.")
            )
        before = {hold: (hold.reason, *hold._get_terms()) for hold in self}
        was_released = self.filtered("released_on")
        result = super().write(vals)
        released = self.filtered("released_on") - was_released
        self.filtered(lambda hold: (hold.reason, *hold._get_terms()) != before[hold])._log("hold_changed")
        released._log("released")
        return result

    def _get_terms(self):
        return tuple(self[name] for name in ("kind", "date_from", "date_to"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold is not deleted but released: it shows why a contact was kept."))

    def action_release(self):
        """Let the contacts go, from now on."""
        self.check_access("write")
        # sudo: that it is released is written here alone
        holds = self.sudo().filtered(lambda hold: not hold.released_on)
        holds.write({"released_on": fields.Date.context_today(self), "released_by_id": self.env.uid})

    def _log(self, event):
        """Note it in the log, one entry for all that are alike."""
        for (kind, date_from, date_to), holds in self.grouped(lambda hold: hold._get_terms()).items():
            self.env["crm.gdpr.log"]._append(
                event,
                holds.partner_id,
                {"crm.gdpr.hold": len(holds)},
                kind=kind,
                date_from=date_from,
                date_to=date_to or None,
            )
