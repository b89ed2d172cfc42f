"""What has to hold in a company when all is over; each check says in words what it looked at."""

import hashlib
from collections import Counter, defaultdict

from tests.load.outcome import check
from tests.load.people import AWAY, BUSY, NO_ROOM, SESSION_OVER

# What a user can act on: a notification that says what to do, logging in again, or the reason.
ACTIONABLE = {None, "connection lost", SESSION_OVER, NO_ROOM, *AWAY, *BUSY}


def check_all(company, people, leads, mails):
    """
    :param list people: Person, who have ended
    :param list leads: what partners sent
    :param Counter mails: how many each address got
    :return: sentences, what holds
    """
    check(company, leads)
    yield f"each of {len(leads):,} leads that were sent is there once, and its partner was told what became of it"
    yield from check_people(company, people)
    logins = [person.user["login"] for person in people[:5]]
    wrong = company.compare_totals(["manager", *logins])
    assert not wrong, wrong
    yield f"the sums of {1 + len(logins)} boards, the manager's of everybody among them, are those of their projects"
    yield from check_campaign(company, mails)
    yield from check_forgotten(company)


# ------------------------------------------------------------
# People
# ------------------------------------------------------------


def check_people(company, people):
    """What was acknowledged is there, once; what was not is there once or not at all."""
    told = Counter(asked.failure for person in people for asked in person.asked)
    assert set(told) <= ACTIONABLE, told
    cards = [card for person in people for card in person.cards]
    kept = Kept(company)
    for card in cards:
        check_card(card, kept)
    moves, notes, files = (sum(len(getattr(card, name)) for card in cards) for name in ("moves", "notes", "files"))
    unsure = sum(bool(card.unsure) for card in cards)
    yield (
        f"each of {moves:,} moved cards, {notes:,} notes and {files:,} files of {len(people)} people is there once and"
        f" whole; of {unsure} more they were told that it may not have been saved, and it is there once or not at all"
    )


class Kept:
    """What the database and the file store hold of the cards."""

    def __init__(self, company):
        self.leads = {
            lead_id: (column, float(value))
            for lead_id, column, value in company.cluster.query(
                company.database,
                "SELECT id, board_column_id, expected_revenue FROM crm_lead WHERE board_column_id IS NOT NULL",
            )
        }
        # not when it came onto the board
        moves = "SELECT lead_id, to_column_id FROM crm_lead_move WHERE from_column_id IS NOT NULL ORDER BY id"
        self.moves = self._collect(company, moves)
        self.notes = self._collect(
            company,
            "SELECT res_id, substring(body FROM 'Note [0-9a-f]+') FROM mail_message"
            " WHERE model = 'crm.lead' AND body ~ 'Note [0-9a-f]+'",
        )
        self.files = self._collect(
            company,
            "SELECT res_id, name, store_fname FROM ir_attachment WHERE res_model = 'crm.lead' AND name LIKE 'file-%'",
        )
        self.folder = company.cluster.folder / "odoo" / "filestore" / company.database

    @staticmethod
    def _collect(company, query):
        found = defaultdict(list)
        for lead_id, *values in company.cluster.query(company.database, query):
            found[lead_id].append(values[0] if len(values) == 1 else tuple(values))
        return found

    def read_files(self, lead_id):
        """Names with the hashes of what lies in the file store."""
        return [
            (name, hashlib.sha1((self.folder / place).read_bytes()).hexdigest()) for name, place in self.files[lead_id]
        ]


def check_card(card, kept):
    what, value = card.unsure or (None, None)
    column, revenue = kept.leads[card.id]
    assert column == card.column or (what == "move" and column == value), (card, column)
    assert revenue == card.value or (what == "value" and revenue == value), (card, revenue)
    for name, there in (
        ("move", kept.moves[card.id]),
        ("note", sorted(kept.notes[card.id])),
        ("file", sorted(kept.read_files(card.id))),
    ):
        done = list(getattr(card, f"{name}s"))
        possible = [done, [*done, value]] if what == name else [done]
        possible = possible if name == "move" else [sorted(each) for each in possible]
        assert there in possible, (name, card, there)
    assert (column == card.column) == (len(kept.moves[card.id]) == len(card.moves)), (card, "no move without its row")


# ------------------------------------------------------------
# Jobs
# ------------------------------------------------------------


def check_campaign(company, mails):
    """Nobody got an e-mail twice; who is told to have got it has; of who may have, a user decides."""
    query = """
        SELECT partner.email, dispatch.outcome
          FROM crm_campaign_dispatch dispatch
          JOIN crm_campaign_member member ON member.id = dispatch.member_id
          JOIN res_partner partner ON partner.id = member.partner_id
         WHERE dispatch.step_id = %s
    """
    outcomes = dict(company.cluster.query(company.database, query, company.made["step"]))
    assert len(outcomes) == company.wanted["customers"]
    assert set(outcomes.values()) <= {"sent", "failed"}, Counter(outcomes.values())
    for address, outcome in outcomes.items():
        assert mails[address] == 1 or (outcome == "failed" and mails[address] == 0), (address, outcome, mails[address])
    failed = sum(outcome == "failed" for outcome in outcomes.values())
    yield (
        f"each of {len(outcomes) - failed:,} customers got the campaign's e-mail once; {failed} that were with the mail"
        " server when it broke are told as failed, and none of them was sent a second one"
    )


def check_forgotten(company):
    """Everybody is anonymised once, and nothing is left of their names."""
    request, number = company.made["request"], company.wanted["persons"]
    states = "SELECT state, count(*) FROM crm_gdpr_request_line WHERE request_id = %s GROUP BY state"
    assert company.cluster.query(company.database, states, request) == [("done", number)]
    entries = """
        SELECT sum((details->>'persons')::int) FROM crm_gdpr_log
         WHERE event = 'carried_out' AND (details->>'request')::int = %s
    """
    assert company.cluster.query(company.database, entries, request) == [(number,)]
    for table, columns in {
        "res_partner": ("name", "email", "phone", "complete_name"),
        "mail_message": ("body", "subject", "email_from"),
        "mail_tracking_value": ("old_value_char", "new_value_char"),
    }.items():
        for column in columns:
            query = f"SELECT count(*) FROM {table} WHERE {column} ~* 'forgotten ?[0-9]+|4915155[0-9]+'"
            assert company.cluster.query(company.database, query) == [(0,)], (table, column)
    yield f"each of {number:,} persons is anonymised, once by the log, and nothing of their names is found"
