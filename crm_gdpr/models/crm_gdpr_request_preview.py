from collections import Counter

from odoo import Command, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine import persons
from ..engine.companies import find_companies
from ..engine.run import Run

# persons that are looked at in one transaction; more are looked at by the job
CHUNK = 250
# persons of whom a preview shows values
SAMPLES = 5
# whose values are nobody else's once the request is done
GOING = ("draft", "planned", "done")


class CrmGdprRequest(models.Model):
    """The preview: the same code as carrying it out, in a savepoint that is rolled back."""

    _inherit = "crm.gdpr.request"

    def _preview(self):
        """Plan the lines that are not done."""
        self._set_back()._refuse()._preview()

    def _set_back(self):
        """Nobody who is not done has been looked at; return their lines."""
        lines = self._find_undone()
        lines.write({"state": "draft", "sample": False})
        return lines

    def _is_large(self):
        """Whether it would take longer than somebody waits for a page."""
        undone = [("request_id", "=", self.id), ("state", "!=", "done")]
        return self.env["crm.gdpr.request.line"].search_count(undone, limit=CHUNK + 1) > CHUNK


class CrmGdprRequestLine(models.Model):
    """Who may be anonymised, and what would become of everything."""

    _inherit = "crm.gdpr.request.line"

    def _preview(self, samples=SAMPLES):
        """Write into each line what would be done, and into the first ones how values change.

        Somebody who makes it fail does not keep the others: then they are looked at one half after the other.
        """
        open_lines = self._refuse()
        try:
            open_lines._plan(samples)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is one person's
            if len(open_lines) == 1:
                open_lines.write(self._prepare_problem("failed", self._tell(error), state="failed"))
                return
            middle = len(open_lines) // 2
            for half in (open_lines[:middle], open_lines[middle:]):
                half._preview(samples)
                samples -= len(half.filtered("sample"))

    def _plan(self, samples):
        """Plan together those of whom nothing is another company's; what the others have stays theirs."""
        run = self._rehearse(samples)
        by_key = {person.key: person for person in run.persons}
        refused = self._refuse_other_companies(by_key, run.companies)
        if refused:
            return (self - refused)._plan(samples)
        for line in self:
            person = by_key.get(line._get_key())
            line.write(self._prepare_plan(person) if person else self._prepare_problem("with_parent"))
        new = set().union(*run.companies.values()) - set(self.request_id.company_ids.ids)
        if new:
            # the request's own row is changed only where it must be: an officer may be about to stop the preview
            self.request_id.company_ids = [Command.link(company_id) for company_id in sorted(new)]

    def _refuse_other_companies(self, by_key, companies):
        """Mark the lines with whom rows of companies go along that are not the officer's, and return them.

        :param companies: ``{person: ids}``
        """
        reach = set(self.request_id._get_reach().ids)
        refused = self.browse()
        for line in self:
            others = companies.get(by_key.get(line._get_key()), set()) - reach
            if others:
                # sudo: what a company is called, and nothing of what it has
                names = self.env["res.company"].sudo().browse(sorted(others)).mapped("name")
                line.write(self._prepare_problem("other_company", ", ".join(names)))
                refused |= line
        return refused

    def _rehearse(self, samples=0):
        """Carry it out, and undo it; note values of so many persons."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            return self._run(is_rehearsal=True, samples=samples)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)

    def _run(self, *, is_rehearsal=False, samples=0, since=None):
        """Find and erase what has to do with the persons of these lines, and return what was done."""
        # what is read and changed is anybody's, with the rights of a privacy officer alone: the models of the request
        # let nobody else get here
        env = self.env(su=True, context={"active_test": False, "lang": None})
        settings = env["crm.gdpr.field"]._get_settings()
        found = persons.resolve(
            env, self.partner_id.ids, self.lead_id.ids, settings.is_nobody, find_along=self._find_along
        )
        for person in found[:samples]:
            person.is_sampled = True
        run = Run(env, found, settings, is_rehearsal=is_rehearsal, since=since)
        run.find()
        run.companies = find_companies(run)
        for person, companies in run.companies.items():
            # a row that another company got since the preview is another company's to decide about
            person.digest.update(f"{sorted(companies)};".encode())
        run.erase()
        return run

    def _find_along(self, model, ids):
        """Which of these contacts or leads go in the same request, in whichever part of it."""
        self.env["crm.gdpr.request.line"].flush_model(["request_id", "partner_id", "lead_id", "state"])
        return self._find_leads_along(ids) if model == "crm.lead" else self._find_contacts_along(ids)

    def _find_leads_along(self, lead_ids):
        """Those that were chosen themselves, and those of contacts that go."""
        leads = self.env["crm.lead"].sudo().browse(lead_ids)  # only which go along, for whoever carries it out
        contacts = self._find_contacts_along(leads.partner_id.ids)
        going = [("request_id", "in", self.request_id.ids), ("lead_id", "in", lead_ids), ("state", "in", GOING)]
        chosen = self.env["crm.gdpr.request.line"].search(going).lead_id.ids
        return {lead.id for lead in leads if lead.partner_id.id in contacts} | set(chosen)

    def _find_contacts_along(self, partner_ids):
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE above (root, id, parent_id) AS (
                    SELECT id, id, parent_id FROM res_partner WHERE id = ANY(%s)
                    UNION SELECT above.root, parent.id, parent.parent_id
                            FROM res_partner parent JOIN above ON parent.id = above.parent_id
                ) SELECT above.root FROM above JOIN crm_gdpr_request_line line ON line.partner_id = above.id
                   WHERE line.request_id = ANY(%s) AND line.state = ANY(%s)
                """,
                partner_ids,
                self.request_id.ids,
                list(GOING),
            )
        )
        return {partner_id for (partner_id,) in self.env.cr.fetchall()}

    def _get_main(self):
        """The model and id of the contact or lead, as a person of a run has it."""
        self.ensure_one()
        return ("res.partner", self.partner_id.id) if self.partner_id else ("crm.lead", self.lead_id.id)

    def _get_key(self):
        return "{},{}".format(*self._get_main())

    def _prepare_plan(self, person):
        return {
            "state": "planned",
            "problem": False,
            "plan_hash": person.digest.hexdigest(),
            "sample": person.samples,
            **self._prepare_counts(person),
        }

    @api.model
    def _prepare_counts(self, person):
        kept = Counter((reason.why, reason.until) for _model, _id, _fields, reason in person.kept)
        if person.identity.shared:
            kept["shared", None] = len(person.identity.shared)
        return {
            "counts": [[*key, number] for key, number in sorted(person.counts.items())],
            "kept": [
                [why, until and until.isoformat(), number]
                for (why, until), number in sorted(kept.items(), key=lambda item: (item[0][0], str(item[0][1])))
            ],
        }

    @api.model
    def _prepare_problem(self, code, text="", state="refused"):
        return {
            "state": state,
            "problem": {"code": code, "text": text},
            "plan_hash": False,
            "counts": False,
            "kept": False,
            "sample": False,
        }

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def _refuse(self):
        """Mark the lines that must not be carried out, and return the others."""
        problems = self._get_problems()
        for line in self.browse(problems):
            line.write(self._prepare_problem(*problems[line.id]))
        return self - self.browse(problems)

    def _get_problems(self):
        """Return ``{line id: (code, text)}`` of those who must not be anonymised, whoever of their children it is."""
        problems = {line.id: ("gone", "") for line in self if not line.partner_id and not line.lead_id}
        trees = self._get_trees()
        everybody = self.env["res.partner"].browse({member for tree in trees.values() for member in tree})
        by_partner = {**self._get_holds(everybody), **self._get_untouchable(everybody)}
        for line in self:
            refused = [member for member in trees.get(line.partner_id.id, ()) if member in by_partner]
            if refused:
                problems[line.id] = by_partner[refused[0]]
        return {**self._get_holds_of_leads(), **problems}

    def _get_holds_of_leads(self):
        """Leads without a contact that are held contacts': these would take them along."""
        # sudo: whose leads they are, whoever may read the contact
        leads = self.lead_id.sudo().filtered(lambda lead: not lead.partner_id and lead.email_normalized)
        emails = leads.mapped("email_normalized")
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        contacts = contacts.search([("email_normalized", "in", emails)]) if emails else contacts
        holds = self._get_holds(contacts)
        problems = {}
        for contact in contacts.filtered(lambda contact: contact.id in holds):
            person = persons.Person(("res.partner", contact.id))
            persons.identify(person.identity, {"name": contact.name, "email": contact.email_normalized})
            for line in self:
                lead = line.lead_id.sudo()
                says = {"name": lead.contact_name, "email": lead.email_normalized}
                if lead in leads and persons.is_same(person, says):
                    problems[line.id] = holds[contact.id]
        return problems

    def _get_trees(self):
        """The contacts with all their children, ``{root: ids}``."""
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE tree (id, root) AS (
                    SELECT id, id FROM res_partner WHERE id = ANY(%s)
                    UNION SELECT child.id, tree.root FROM res_partner child JOIN tree ON child.parent_id = tree.id
                ) SELECT root, array_agg(id ORDER BY id) FROM tree GROUP BY root
                """,
                self.partner_id.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def _get_holds(self, partners):
        reasons = self.env["crm.gdpr.hold"]._get_reasons(partners)
        return {partner_id: ("hold", "; ".join(texts)) for partner_id, texts in reasons.items() if texts}

    def _get_untouchable(self, partners):
        """Oneself, Odoo's own accounts, one's own companies, and colleagues."""
        self.env.cr.execute(SQL("SELECT partner_id FROM res_company WHERE partner_id = ANY(%s)", partners.ids))
        found = {partner_id: ("company", "") for (partner_id,) in self.env.cr.fetchall()}
        self.env.cr.execute(
            SQL("SELECT partner_id FROM res_users WHERE partner_id = ANY(%s) AND active AND NOT share", partners.ids)
        )
        found |= {partner_id: ("user", "") for (partner_id,) in self.env.cr.fetchall()}
        # every officer is told the same, whether they may read these accounts or not
        found |= {partner.id: ("administrator", "") for partner in self._get_odoos_own().sudo().partner_id & partners}
        found |= {partner.id: ("yourself", "") for partner in self.env.user.partner_id & partners}
        return found

    @api.model
    def _get_odoos_own(self):
        """The accounts that Odoo itself cannot do without."""
        names = ("base.user_root", "base.user_admin", "base.public_user", "base.template_portal_user_id")
        users = [self.env.ref(name, raise_if_not_found=False) for name in names]
        return self.env["res.users"].browse(user.id for user in users if user)
