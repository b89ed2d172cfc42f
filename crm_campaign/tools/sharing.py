"""Work that is shared out over those who do it, and over the days on which they do."""


def share_out(items, capacities, allowed, taken):
    """Give each item to whoever has the least to do of those who may have it, by what each can do in a day.

    :param items: in the order in which they are given out
    :param dict capacities: how many a worker does in a day, ``{worker: number}``; of equals the first one gets it
    :param dict allowed: what each may have, ``{worker: items}``
    :param dict taken: how many each has already, ``{worker: number}``
    :return: ``{item: worker}``, without those that nobody may have
    """
    taken = {worker: taken.get(worker, 0) for worker in capacities}
    shares = {}
    for item in items:
        able = [worker for worker in capacities if item in allowed[worker]]
        if able:
            worker = min(able, key=lambda each: (taken[each] + 1) / capacities[each])
            taken[worker] += 1
            shares[item] = worker
    return shares


def spread(count, per_day, days, loads):
    """The days on which so many more can be done: each is filled up before the next.

    :param int count: how many there are to do
    :param int per_day: how many can be done in a day
    :param days: the days of work in their order, without end
    :param dict loads: how many are to be done on a day already, ``{day: number}``
    :return: a list of ``count`` days
    """
    found = []
    for day in days if count else ():
        found += [day] * min(per_day - loads.get(day, 0), count - len(found))
        if len(found) == count:
            break
    return found


class Days:
    """Days that are asked for once, and as far as they are needed."""

    def __init__(self, source):
        """
        :param source: an iterator without end
        """
        self._source, self._known = source, []

    def __iter__(self):
        position = 0
        while True:
            if position == len(self._known):
                self._known.append(next(self._source))
            yield self._known[position]
            position += 1
