from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ..tools.ages import band_of, in_words, limits

OFFICER = "crm_gdpr.group_privacy_officer"
SET_BY_US = ("last_dealing_date", "last_dealing_kind", "gdpr_state", "gdpr_date")


class ResPartner(models.Model):
    """How long ago a contact was last dealt with, and how."""

    _inherit = "res.partner"

    last_dealing_date = fields.Datetime(
        "Last Dealing",
        compute="_compute_last_dealing",
        store=True,
        copy=False,
        groups=OFFICER,
        help="When this person last wrote, called, met us, ordered and so on. What colleagues write or change does not "
        "count, nor does a mail that was opened. A company is as young as the youngest of its contacts.",
    )
    last_dealing_kind = fields.Selection(
        [
            ("message", "Message"),
            ("click", "Click in a Mailing"),
            ("reply", "Reply to a Mailing"),
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("project", "Project"),
            ("order", "Order"),
            ("invoice", "Invoice"),
            ("ticket", "Ticket"),
            ("touch", "Touch"),
            ("created", "No Dealing, Created"),
        ],
        "Cause of Last Dealing",
        compute="_compute_last_dealing",
        store=True,
        copy=False,
        groups=OFFICER,
    )
    dealing_age = fields.Char("Age", compute="_compute_dealing_age", groups=OFFICER)
    age_band = fields.Selection(
        [
            ("00", "Less than 1 Year"),
            ("01", "1 to 2 Years"),
            ("02", "2 to 3 Years"),
            ("03", "3 to 5 Years"),
            ("05", "5 to 10 Years"),
            ("10", "10 Years and More"),
        ],
        "Age in Years",
        compute="_compute_age_band",
        search="_search_age_band",
        groups=OFFICER,
    )

    # the list of the oldest, with the archived ones or without
    _gdpr_age_idx = models.Index("(active, last_dealing_date, id)")

    @api.depends("create_date")
    def _compute_last_dealing(self):
        """Of a contact that is made; from then on it is dated in SQL, which leaves no trace on it."""
        now = fields.Datetime.now()
        for partner in self:
            partner.last_dealing_date = (partner.create_date or now).replace(microsecond=0)
            partner.last_dealing_kind = "created"

    @api.model
    def _has_field_access(self, field, operation):
        """Nobody sets an age by hand: a touch does, and tells why; nor says of anybody that they are anonymised."""
        if operation == "write" and field.name in SET_BY_US and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.depends("last_dealing_date")
    @api.depends_context("lang")
    def _compute_dealing_age(self):
        now, locale = fields.Datetime.now(), babel_locale_parse(get_lang(self.env).code)
        for partner in self:
            date = partner.last_dealing_date
            partner.dealing_age = date and in_words(date, now, locale)

    @api.depends("last_dealing_date")
    def _compute_age_band(self):
        now = fields.Datetime.now()
        for partner in self:
            partner.age_band = partner.last_dealing_date and band_of(partner.last_dealing_date, now)

    @api.model
    def _search_age_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        bands = limits(fields.Datetime.now())
        return Domain.OR(self._get_band_domain(*bands.get(band, (False, False))) for band in value)

    @api.model
    def _get_band_domain(self, until, after):
        if until is False:
            return Domain("last_dealing_date", "=", False)
        domain = Domain("last_dealing_date", "!=", False)
        if until:
            domain &= Domain("last_dealing_date", "<=", until)
        if after:
            domain &= Domain("last_dealing_date", ">", after)
        return domain

    @api.model
    def _field_to_sql(self, alias, field_expr, query=None):
        """The band depends on today, so it is found while it is grouped by, and no row is rewritten every day."""
        if field_expr != "age_band":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["age_band"], "read")
        date = self._field_to_sql(alias, "last_dealing_date", query)
        bands = limits(fields.Datetime.now())
        cases = [SQL("WHEN %s > %s THEN %s", date, after, band) for band, (_until, after) in bands.items() if after]
        return SQL("CASE %s WHEN %s IS NOT NULL THEN %s END", SQL(" ").join(cases), date, list(bands)[-1])
