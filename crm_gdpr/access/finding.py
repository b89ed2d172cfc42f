"""Finding what is stored about one person, to be given to them."""

import re

from odoo.tools import SQL

from ..engine import persons
from ..engine.run import Run
from ..handlers import get_handler


class AccessRun(Run):
    """Finds as for anonymising, but not what a colleague has to do with at work alone."""

    def __init__(self, env, persons, settings):
        super().__init__(env, persons, settings)
        [self.person] = persons
        self.env.cr.execute(SQL("SELECT count(*) FROM res_users WHERE id = ANY(%s) AND NOT share", self.person.users))
        self.is_colleague = bool(self.env.cr.fetchone()[0])

    def _find_by_link(self, link):
        handler = get_handler(link.model)
        is_for_work = link.target == "res.users" and link.field not in handler.get_export_links()
        if not is_for_work and not (self.is_colleague and handler.is_work):
            super()._find_by_link(link)


def find(env, record):
    """Return the run that found what is stored about the person of a contact or of a lead without a contact."""
    env.flush_all()
    settings = env["crm.gdpr.field"]._get_settings()
    partner_ids, lead_ids = (record.ids, []) if record._name == "res.partner" else ([], record.ids)
    found = persons.resolve(env, partner_ids, lead_ids, settings.is_nobody, with_contacts=False)
    for person in found:
        # former numbers are known as they were written, and looked for as they are stored
        person.identity.phones |= {re.sub(r"[^+\d]", "", phone) for phone in person.identity.phones}
    run = AccessRun(env, found, settings)
    run.find()
    return run
