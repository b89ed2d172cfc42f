"""What ``setup/load`` measured, in peace and while things broke."""

from collections import Counter
from statistics import quantiles

from tests.load.people import OPENING


class Report:
    """
    :param list people: Person
    :param list clients: PacedClient
    :param float begun: when it began; ``broke``: when things began to break; ``ended``
    """

    def __init__(self, people, clients, begun, broke, ended):
        self.phases = {"in peace": (begun, broke), "while things broke": (broke, ended)}
        self.asked = [asked for person in people for asked in person.asked]
        self.sent = [sent for client in clients for sent in client.asked]

    def as_dict(self):
        """``{phase: figures}``"""
        return {name: self._measure(*phase) for name, phase in self.phases.items()}

    def _measure(self, begin, end):
        asked = [each for each in self.asked if begin <= each.at < end]
        sent = [each for each in self.sent if begin <= each[0] < end]
        answered = [each for each in asked if not each.failure]
        return {
            "seconds": round(end - begin),
            "requests": len(asked),
            "requests_per_second": round(len(asked) / (end - begin), 1),
            "board_ms": spread(each.seconds for each in answered if each.what == OPENING),
            "change_ms": spread(each.seconds for each in answered if each.what != OPENING),
            "told": Counter(each.failure for each in asked if each.failure),
            "leads": sum(number for _at, number, _seconds in sent),
            "leads_per_second": round(sum(number for _at, number, _seconds in sent) / (end - begin), 1),
            "intake_ms": spread(seconds for _at, _number, seconds in sent),
        }

    def as_markdown(self):
        figures = self.as_dict()
        rows = {
            "requests of people a second": lambda told: str(told["requests_per_second"]),
            "opening the board, ms": lambda told: span(told["board_ms"]),
            "moving, editing, noting, attaching, ms": lambda told: span(told["change_ms"]),
            "people were told, of all their requests": lambda told: (
                f"{sum(told['told'].values()):,} of {told['requests']:,}: {count_words(told['told']) or 'nothing'}"
            ),
            "leads a second": lambda told: str(told["leads_per_second"]),
            "a request with leads, until it was answered, ms": lambda told: span(told["intake_ms"]),
        }
        lines = [f"| median (95 %) | {' | '.join(figures)} |", f"|---|{'---|' * len(figures)}"]
        lines += [f"| {name} | {' | '.join(map(show, figures.values()))} |" for name, show in rows.items()]
        return "\n".join(lines)


def spread(seconds):
    """Median and 95th percentile in milliseconds."""
    values = [each * 1000 for each in seconds]
    if len(values) < 2:
        return [round(value) for value in values] * 2
    cuts = quantiles(values, n=20, method="inclusive")
    return [round(cuts[9]), round(cuts[18])]


def span(values):
    return f"{values[0]:,} ({values[1]:,})" if values else "-"


def count_words(counts):
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in sorted(counts.items()))
