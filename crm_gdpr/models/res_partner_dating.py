from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.dealings import newest, newest_in_range


class ResPartner(models.Model):
    """Dating contacts by their newest dealings, in one statement each time.

    It writes what differs and nothing else: no date of writing, no note, no tracking.
    """

    _inherit = "res.partner"

    def _date_anew(self):
        """Date contacts, and the companies that they are persons of."""
        if not self:
            return
        contacts = SQL(
            """
            SELECT id, commercial_partner_id FROM res_partner WHERE id = ANY(%(ids)s)
             UNION
            SELECT company.id, company.commercial_partner_id FROM res_partner person
              JOIN res_partner company ON company.id = person.commercial_partner_id
             WHERE person.id = ANY(%(ids)s)
            """,
            ids=self.ids,
        )
        self.env.flush_all()
        self._write_ages(contacts, newest(self._get_dealings(), fields.Datetime.now()))

    @api.model
    def _date_range(self, first, last):
        """Date all contacts from one id to another. Companies of other ids whose persons changed are dated later."""
        contacts = SQL("SELECT id, commercial_partner_id FROM res_partner WHERE id BETWEEN %s AND %s", first, last)
        self.env.flush_all()
        dealings = newest_in_range(self._get_dealings(), fields.Datetime.now(), first, last)
        companies = self._write_ages(contacts, dealings)
        self.env["crm.gdpr.dealing.pending"]._add_contacts(
            company for company in companies if company and not first <= company <= last
        )

    @api.model
    def _get_dealings(self):
        return self.env["crm.gdpr.dealing.pending"]._get_dealings()

    @api.model
    def _write_ages(self, contacts, dealings):
        """Write the ages that differ.

        A person has their own newest dealing or, without any, their creation. A company has the newest of that and
        of all its persons, those that are not dated now as they were dated before.

        :param SQL contacts: selects ``id`` and ``commercial_partner_id`` of whom to date
        :param SQL dealings: selects ``id``, ``kind`` and ``date`` of their dealings
        :return: ids of the companies of those that were written
        """
        self.env.cr.execute(
            SQL(
                """
                WITH contact AS MATERIALIZED (%(contacts)s),
                own AS MATERIALIZED (
                    SELECT DISTINCT ON (id) id, kind, date_trunc('second', date) AS date
                      FROM (%(dealings)s) AS dealing WHERE date IS NOT NULL
                     ORDER BY id, kind = 'created', date DESC, kind DESC
                ), fresh AS (
                    SELECT DISTINCT ON (id) id, kind, date FROM (
                        SELECT id, kind, date FROM own
                         UNION ALL
                        SELECT contact.commercial_partner_id, own.kind, own.date
                          FROM own JOIN contact ON contact.id = own.id
                         UNION ALL
                        SELECT contact.id, person.last_dealing_kind, person.last_dealing_date
                          FROM contact CROSS JOIN LATERAL (
                              SELECT last_dealing_kind, last_dealing_date FROM res_partner
                               WHERE commercial_partner_id = contact.id AND last_dealing_date IS NOT NULL
                                 AND id NOT IN (SELECT id FROM contact)
                               ORDER BY last_dealing_date DESC, last_dealing_kind DESC LIMIT 1) AS person
                         WHERE contact.id = contact.commercial_partner_id
                    ) AS dealing
                     ORDER BY id, date DESC, kind DESC
                )
                UPDATE res_partner SET last_dealing_date = fresh.date, last_dealing_kind = fresh.kind
                  FROM contact JOIN fresh ON fresh.id = contact.id
                 WHERE res_partner.id = contact.id
                   AND (last_dealing_date, last_dealing_kind) IS DISTINCT FROM (fresh.date, fresh.kind)
                RETURNING res_partner.commercial_partner_id
                """,
                contacts=contacts,
                dealings=dealings,
            ),
            log_exceptions=False,
        )
        companies = {company for (company,) in self.env.cr.fetchall()}
        names = ["last_dealing_date", "last_dealing_kind", "dealing_age", "age_band"]
        self.env["res.partner"].invalidate_model(names, flush=False)
        return companies
