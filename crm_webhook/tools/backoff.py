"""When a delivery is tried again."""

import random
from datetime import timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
JITTER = 0.2


def delay(attempt, chance=random.random):
    """How long to wait after an attempt: twice as long each time, up to an hour, and not all at the same moment.

    :param int attempt: 1 for the first one
    :param chance: returns a number from 0 to 1
    """
    plain = min(FIRST * 2 ** min(attempt - 1, 12), LONGEST)
    return plain * (1 + JITTER * (2 * chance() - 1))
