"""The other people in what is stored about a person: the archive does not tell who they are."""

from odoo.tools import SQL

from ..tools.addresses import digits, hide_emails, hide_phones
from ..tools.identity import Identity
from ..tools.matching import Crowd
from ..tools.names import words_of

COLUMNS = ("id", "name", "email_normalized", "phone_sanitized", "phone", "is_company")


class People:
    """Who else there is: colleagues, who are told as such, and all whom rows of the person lead to.

    :param linked: ids of contacts
    :param unlinked: identities of people who have no contact
    """

    def __init__(self, env, person, linked, unlinked=()):
        self.env = env
        self.person = person
        self._emails = person.identity.emails | person.shared
        self._phones = {digits(phone) for phone in person.identity.phones | person.shared}
        self._name_words = {words_of(name) for name in person.identity.names | person.identity.companies}
        self._read_companies()
        self._users = self._read_colleagues()
        self.colleagues = set(self._users.values())
        known = {partner_id: self._identify(*values) for partner_id, *values in self._read(linked)}
        known |= {f"unlinked {number}": self._without_own(identity) for number, identity in enumerate(unlinked)}
        self._known = {key: identity for key, identity in known.items() if identity}
        self._crowd = Crowd(self._known)
        self._words = {
            "colleague": _as_mark(env._("an employee")),
            "other": _as_mark(env._("another person")),
        }

    def _read_companies(self):
        """The company that asks, and where it is: it is no person, and its country's numbers are known."""
        self.env.cr.execute(SQL("SELECT partner_id FROM res_company"))
        self._companies = {partner_id for (partner_id,) in self.env.cr.fetchall()}
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT country.code FROM res_partner partner
                  JOIN res_country country ON country.id = partner.country_id WHERE partner.id = ANY(%s)
                """,
                [*self._companies, *self.person.partners],
            )
        )
        self._countries = [code for (code,) in self.env.cr.fetchall()]

    def _read_colleagues(self):
        self.env.cr.execute(SQL("SELECT id, partner_id FROM res_users WHERE NOT share"))
        users = dict(self.env.cr.fetchall())
        return {user_id: partner_id for user_id, partner_id in users.items() if user_id not in self.person.users}

    def _read(self, linked):
        """The contacts of others, who are neither the person, nor the person's employer, nor the company."""
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                """
                SELECT %(columns)s FROM res_partner contact
                 WHERE id = ANY(%(linked)s) AND NOT id = ANY(%(spared)s)
                   AND NOT EXISTS (SELECT FROM res_partner own WHERE own.id = ANY(%(own)s)
                                      AND contact.id IN (own.commercial_partner_id, own.parent_id))
                """,
                columns=columns,
                linked=[*(self.colleagues | set(linked))],
                spared=[*self._companies, *self.person.partners],
                own=self.person.partners,
            )
        )
        return self.env.cr.fetchall()

    def _identify(self, name, email, sanitized, phone, _is_company):
        return self._without_own(
            Identity(
                names={name} if name else set(),
                emails={email} if email else set(),
                phones={sanitized or phone} if sanitized or phone else set(),
            )
        )

    def _without_own(self, identity):
        """What they have in common with the person tells nobody else."""
        identity.names = {name for name in identity.names if words_of(name) not in self._name_words}
        identity.emails -= self._emails
        identity.phones = {phone for phone in identity.phones if not self.is_own_phone(phone)}
        return identity

    # ------------------------------------------------------------
    # Who is who
    # ------------------------------------------------------------

    def is_own_email(self, address):
        return address.strip().lower() in self._emails

    def is_own_phone(self, number):
        return digits(number) in self._phones

    def is_person(self, partner_id):
        return partner_id in self.person.partners

    def tell(self, partner_id):
        """What another person is called."""
        return self._words["colleague"] if partner_id in self.colleagues else self._words["other"]

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def take_out(self, text, near=()):
        """A text about the person without other people's names, addresses and numbers.

        :param near: contacts that it is from or to: also called by one of their names in it
        """
        if not text:
            return text
        for key in sorted(self._crowd.find(text), key=str):
            text = self._crowd.matchers[key].scrub(text, mark=self.tell(key))
        for key in near:
            matcher = self._crowd.matchers.get(key)
            if matcher and not self._shares_a_name(key):
                text = matcher.scrub(text, wide=True, mark=self.tell(key))
        return hide_emails(text, self.is_own_email)

    def take_out_numbers(self, text):
        """A text without telephone numbers of others; not for what has no words in it, such as a reference."""
        return hide_phones(text, self.is_own_phone, self._countries)

    def names_others(self, text):
        """Whether customers or other people who are no colleagues are in a text."""
        return any(key not in self.colleagues for key in self._crowd.find(text))

    def _shares_a_name(self, key):
        own = {word for words in self._name_words for word in words}
        return any(own.intersection(words_of(name)) for name in self._known[key].names)


def _as_mark(word):
    """Without what could end a text in markup or JSON."""
    return word.replace("'", "’").replace('"', "").replace("<", "").replace("&", "")
