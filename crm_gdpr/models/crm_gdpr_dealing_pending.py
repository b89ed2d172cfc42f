from odoo import api, fields, models
from odoo.tools import SQL, ormcache
from odoo.tools.sql import create_index

from ..tools import indexes
from ..tools.dealings import DEALINGS, ahead, of_rows

NOTICED = "crm_gdpr.dealings"


class CrmGdprDealingPending(models.Model):
    """Contacts whose age may have changed, until the job has dated them anew.

    Rows are only added, by whoever changed something, and only taken away by the job, so that many people dealing with
    one contact at the same moment do not wait for each other.
    """

    _name = "crm.gdpr.dealing.pending"
    _description = "Contacts to Be Dated Anew"
    _log_access = False

    # plain numbers: a foreign key would lock the contact, and one that is gone does no harm
    first_contact = fields.Integer(required=True)
    last_contact = fields.Integer(required=True, help="The same, but for a range of contacts.")
    due = fields.Datetime(required=True, help="Something that is still to come counts from then on.")

    _due_idx = models.Index("(due, id)")

    @api.model
    @ormcache()
    def _get_dealings(self):
        """The sources that this database has."""
        return tuple(dealing for dealing in DEALINGS if dealing.exists_in(self.env.registry))

    # ------------------------------------------------------------
    # Noticing
    # ------------------------------------------------------------

    @api.model
    def _notice(self, model, ids, is_new=False):
        """Keep in mind, until the transaction ends, whose dealings some records are and were.

        :param str model: a source of dealings
        :param list ids: its records, before they change unless they are new
        :param bool is_new: whether they have just been made
        """
        precommit = self.env.cr.precommit
        if not (noticed := precommit.data.get(NOTICED)):
            noticed = precommit.data[NOTICED] = {"contacts": set(), "rows": {}}
            precommit.add(self._keep_noticed)
        rows = noticed["rows"].setdefault(model, set())
        # whose a record was matters where it stood before this transaction, and is asked once
        if not is_new and (changed := set(ids) - rows):
            noticed["contacts"].update(self._get_owners(model, list(changed)))
        rows.update(ids)

    @api.model
    def _get_owners(self, model, ids):
        """Contacts whose dealings some records are now, with the companies that they are persons of."""
        dealings = of_rows(self._get_dealings(), model, ids)
        if not dealings:
            return []
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT unnest(ARRAY[contact.id, contact.commercial_partner_id])
                  FROM (%s) AS dealing JOIN res_partner contact ON contact.id = dealing.contact_id
                """,
                dealings,
            )
        )
        return [contact for (contact,) in self.env.cr.fetchall() if contact]

    def _keep_noticed(self):
        """Write down the contacts of what was noticed, and wake the job."""
        noticed = self.env.cr.precommit.data.pop(NOTICED)
        dealings = self._get_dealings()
        parts = [self._select_contacts(noticed["contacts"])]
        parts += [part for model, ids in noticed["rows"].items() if (part := of_rows(dealings, model, list(ids)))]
        self._add(SQL(" UNION ALL ").join(parts))

    @api.model
    def _select_contacts(self, ids):
        return SQL("SELECT unnest(%s::int[]) AS contact_id, NULL::timestamp AS date", list(ids))

    @api.model
    def _add_contacts(self, ids):
        """Have contacts dated anew, and wake the job."""
        if ids := list(ids):
            self._add(self._select_contacts(ids))

    @api.model
    def _add(self, contacts):
        """Add contacts that a query selects with the date of a dealing, and wake the job if any is due.

        :param SQL contacts: selects ``contact_id`` and ``date``
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_gdpr_dealing_pending (first_contact, last_contact, due)
                SELECT DISTINCT contact_id, contact_id, GREATEST(date_trunc('second', date), %(now)s)
                  FROM (%(contacts)s) AS dealing
                RETURNING due
                """,
                now=now,
                contacts=contacts,
            )
        )
        if any(due <= now for (due,) in self.env.cr.fetchall()):
            self._wake_job()

    @api.model
    def _add_all(self):
        """Have all contacts dated anew: one row, however many there are. What is still to come is found as well."""
        self._add(ahead(self._get_dealings(), fields.Datetime.now()))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_gdpr_dealing_pending (first_contact, last_contact, due)
                SELECT min(id), max(id), %s FROM res_partner HAVING count(*) > 0
                """,
                fields.Datetime.now(),
            )
        )
        self._wake_job()

    @api.model
    def _wake_job(self):
        """Have the job run after this transaction, asked for once in it.

        What other transactions have asked for is not looked at: the job may be answering it at this moment, without
        having seen what is added here.
        """
        # known without a query
        job_id = self.env["ir.model.data"]._xmlid_to_res_id("crm_gdpr.ir_cron_dealings", raise_if_not_found=False)
        if not job_id:
            return
        self.env.cr.execute(
            SQL(
                "SELECT FROM ir_cron_trigger WHERE cron_id = %s AND create_date = %s LIMIT 1", job_id, self.env.cr.now()
            )
        )
        if not self.env.cr.rowcount:
            self.env["ir.cron"].browse(job_id)._trigger()

    # ------------------------------------------------------------
    # Indexes
    # ------------------------------------------------------------

    @api.model
    def _register_hook(self):
        super()._register_hook()
        if self.env.registry.updated_modules:
            self._add_indexes()

    @api.model
    def _add_indexes(self):
        """Make the indexes in tables of modules that may be installed without us, or after us."""
        for dealing in self._get_dealings():
            for name, table, column, condition in dealing.indexes:
                create_index(self.env.cr, name, table, [column], where=condition)
        indexes.add(self.env.cr)
