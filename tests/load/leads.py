"""What the clients send: leads of which a third share a person with another one, and some that break a rule."""

import random
from dataclasses import dataclass, field


@dataclass
class Lead:
    """A lead as a partner has it."""

    source: str
    record: dict
    person: int | None = None  # None: it breaks a rule
    told: list = field(default_factory=list)  # the answers that its client got

    @property
    def external_id(self):
        return self.record["external_id"]


def make_leads(count, seed):
    """Make leads that can be stored, and beside them one in thirty that cannot."""
    rng = random.Random(seed)
    persons = list(range(count - count // 6))
    owners = persons + rng.sample(persons, count - len(persons))
    leads = [make_lead(rng, f"L{number}", person) for number, person in enumerate(owners)]
    leads += [make_bad_lead(rng, f"B{number}") for number in range(count // 30)]
    rng.shuffle(leads)
    return leads


def make_lead(rng, external_id, person):
    record = {
        "external_id": external_id,
        "subject": f"Request {external_id}",
        "contact_name": f"Person {person}",
        "email": f"person{person}@example.com",
        "phone": f"+316{10_000_000 + person}",
        "city": rng.choice(["Utrecht", "Łódź", "Malmö"]),
        "description": "Please call\n" * rng.randint(1, 30),
    }
    return Lead(rng.choice(["now", "now", "later"]), record, person)


def make_bad_lead(rng, external_id):
    lead = make_lead(rng, external_id, 0)
    lead.person = None
    lead.record.update(rng.choice([{"email": "nobody"}, {"value": "a lot"}, {"shoe_size": "42"}]))
    return lead


def deal(leads, clients, seed):
    """The requests of each client: lists of leads of one source, half of them single ones, the others of 2 to 50."""
    rng = random.Random(seed)
    hands = [leads[client::clients] for client in range(clients)]
    return [list(_into_requests(rng, hand)) for hand in hands]


def _into_requests(rng, leads):
    by_source = {}
    for lead in leads:
        by_source.setdefault(lead.source, []).append(lead)
    requests = []
    for waiting in by_source.values():
        while waiting:
            size = rng.choice([1, rng.randint(2, 50)])
            requests.append(waiting[:size])
            del waiting[:size]
    rng.shuffle(requests)
    return requests
