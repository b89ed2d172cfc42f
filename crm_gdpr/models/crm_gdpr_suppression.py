from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_split

from odoo.addons.phone_validation.tools import phone_validation

from ..tools.chain import identify
from ..tools.fingerprint import fingerprint


class CrmGdprSuppression(models.Model):
    """Who was anonymised and is not to be taken in again: keyed fingerprints of their addresses and numbers.

    The values themselves are nowhere. Whoever brings one can be told whether it is here, and nothing can be read out.
    Imports, mailings and lead intake ask; what is typed in by hand is not kept from anybody.
    """

    _name = "crm.gdpr.suppression"
    _description = "Not to Be Taken in Again"
    _order = "date desc, id desc"
    _rec_name = "fingerprint"

    kind = fields.Selection([("email", "E-mail"), ("phone", "Phone")], required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade", help="Empty: for all companies."
    )
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    key_id = fields.Char(required=True, readonly=True, help="What the key is recognised by.")
    is_objection = fields.Boolean(
        string="Objection",
        readonly=True,
        help="Was on a blacklist: no mailing and no text message goes there, whatever the companies chose.",
    )

    _once = models.UniqueIndex(
        "(fingerprint, COALESCE(company_id, 0), COALESCE(is_objection, FALSE))", "This is known already."
    )

    @api.model
    def _is_on(self, company):
        """Tell whether a company wants it; of none in particular, whether any does."""
        # sudo: the switch is the company's, whoever brings something
        companies = company.sudo() or self.env["res.company"].sudo().search([])
        return any(companies.mapped("gdpr_suppression"))

    @api.model
    def _remember(self, emails, phones, company):
        """Remember values of persons who were anonymised, where the company wants that, and note it in the log.

        :param emails: addresses, as they were written
        :param phones: numbers, with their country (E.164) where it is known
        :param company: the company that knew them; none for what all companies share
        :return: how many were not known yet
        :rtype: int
        """
        kinds = self._store(emails, phones, company)
        self._log("suppressed", kinds)
        return len(kinds)

    @api.model
    def _store(self, emails, phones, company):
        """Remember values as :meth:`_remember` does; it is to be noted in the log before the end of the transaction.

        :return: the kinds of those that were not known yet, for :meth:`_log`
        :rtype: list[str]
        """
        return self._insert(self._get_prints(emails, phones, company), company) if self._is_on(company) else []

    @api.model
    def _remember_objections(self, emails=(), phones=()):
        """Remember what stood on a blacklist: that somebody objects outlives their data, and is no company's choice.

        It is in the log with the entries of the blacklist that are deleted.
        """
        nobody = self.env["res.company"]
        self._insert(self._get_prints(emails, phones, nobody), nobody, is_objection=True)

    @api.model
    def _insert(self, prints, company, *, is_objection=False):
        """Return the kinds of those that are new."""
        key_id = identify(self.env["crm.gdpr.log"]._get_key())
        same = (company.id or None, fields.Date.context_today(self), key_id, is_objection)
        rows = [SQL("(%s, %s, %s, %s, %s, %s)", *one, *same) for one in sorted(prints)]
        if not rows:
            return []
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_gdpr_suppression (kind, fingerprint, company_id, date, key_id, is_objection) VALUES %s
                ON CONFLICT DO NOTHING RETURNING kind
                """,
                SQL(", ").join(rows),
            )
        )
        return [kind for (kind,) in self.env.cr.fetchall()]

    @api.model
    def _find(self, emails, phones, company, *, is_sending=False):
        """Tell which values are of persons who are not to be taken in again, in one query.

        :param emails: addresses, as they were written; a text may hold several
        :param phones: numbers; those without a country are taken for ones of the company's country
        :param company: the company that would take them in; none for all companies
        :param is_sending: something is to be sent there, to which they may have objected
        :return: those of the values that are suppressed, as they were given
        :rtype: set[str]
        """
        is_on = self._is_on(company)
        prints = self._get_prints(emails, phones, company) if is_on or is_sending else {}
        if not prints:
            return set()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT kind, fingerprint FROM crm_gdpr_suppression
                 WHERE fingerprint = ANY(%s) AND (%s)
                """,
                [value for _kind, value in prints],
                SQL(" OR ").join(
                    [
                        *([self._where_company(company)] if is_on else ()),
                        *([SQL("is_objection")] if is_sending else ()),
                    ]
                ),
            )
        )
        return set().union(*(prints[row] for row in self.env.cr.fetchall()))

    @api.model
    def _find_records(self, records, values, kind):
        """Tell which recipients of something are suppressed by the companies of their records, a query per company.

        :param records: recipients, of a model of any kind
        :param dict values: by id of the record, a list of what is to be used of it
        :param str kind: ``email`` or ``phone``
        :rtype: set[int]
        """
        found = set()
        companies = records._mail_get_companies()
        for company, members in records.grouped(lambda record: companies[record.id]).items():
            wanted = {value for member in members for value in values[member.id] if value}
            given = (wanted, ()) if kind == "email" else ((), wanted)
            suppressed = self._find(*given, company, is_sending=True)
            found.update(member.id for member in members if not suppressed.isdisjoint(values[member.id]))
        return found

    @api.model
    def _where_company(self, company):
        """What holds for a company; what a company has switched off holds for nobody."""
        if company:
            # sudo: the companies above, whose contacts are a branch's as well
            above = company.sudo().parent_ids.filtered("gdpr_suppression")
            return SQL("(is_objection IS NOT TRUE AND (company_id IS NULL OR company_id = ANY(%s)))", above.ids)
        self.env["res.company"].flush_model(["gdpr_suppression"])
        return SQL(
            "(is_objection IS NOT TRUE"
            " AND (company_id IS NULL OR company_id IN (SELECT id FROM res_company WHERE gdpr_suppression)))"
        )

    @api.model
    def _forget(self, emails, phones):
        """Let persons come back who want it, in all companies of the user.

        That they objected to be written to stays: it is no company's to take back.

        :return: how many entries were taken away
        :rtype: int
        :raise AccessError: to who is no privacy officer
        """
        self.check_access("read")
        # sudo: the companies above, whose fingerprints keep persons out of a branch
        companies = self.env.companies.sudo().parent_ids
        # a number without its country may be one of any of the companies' countries
        prints = set().union(*(self._get_prints(emails, phones, company) for company in companies))
        found = self.search([("fingerprint", "in", [value for _kind, value in prints]), ("is_objection", "!=", True)])
        kinds = found.mapped("kind")
        # sudo: they are taken away by this method alone, which notes it
        found.sudo().unlink()
        self._log("unsuppressed", kinds)
        return len(kinds)

    @api.model
    def _log(self, event, kinds):
        if kinds:
            self.env["crm.gdpr.log"]._append(event, counts={kind: kinds.count(kind) for kind in sorted(set(kinds))})

    @api.model
    def _get_prints(self, emails, phones, company):
        """``{(kind, fingerprint): values as they were given}``; of what is no address and no number there is none."""
        key = self.env["crm.gdpr.log"]._get_key()
        country = (company or self.env.company).sudo().country_id
        prints = {}
        normals = [("email", email, address) for email in set(emails) if email for address in email_split(email)]
        normals += [("phone", phone, self._format_phone(phone, country)) for phone in set(phones) if phone]
        for kind, given, normal in normals:
            try:
                prints.setdefault((kind, fingerprint(key, kind, normal)), set()).add(given)
            except ValueError:
                continue
        return prints

    @api.model
    def _format_phone(self, number, country):
        """A number with its country, or as it was written where it is not a valid one."""
        try:
            return phone_validation.phone_format(number, country.code, country.phone_code, "E164")
        except UserError:
            return number

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("Who was anonymised is remembered when that is done, and not by hand."))

    def write(self, vals):
        raise UserError(self.env._("Fingerprints are never changed."))
