"""What breaks while programs and people are at work."""

import random
import threading
import time
from collections import Counter

from tests.load.cluster import DURABLE


class Chaos(threading.Thread):
    """Breaks things until it is told to stop, every kind of them, each after some more answers were given.

    :param progress: returns how many answers were given so far; on a slow machine it takes longer until they are
    """

    KINDS = ("kill", "kill", "kill", "kill", "crash", "restart")

    def __init__(self, fleet, progress, seed):
        super().__init__(daemon=True)
        self.fleet, self.progress, self.random = fleet, progress, random.Random(seed)
        self.ending = threading.Event()
        self.done = Counter()
        self.error = None

    def run(self):
        try:
            while True:
                for kind in self.random.sample(self.KINDS, len(self.KINDS)):
                    if not self._await_progress():
                        return
                    getattr(self, kind)()
                    self.done[kind] += 1
        except Exception as error:  # noqa: BLE001  whoever started it looks
            self.error = error

    def _await_progress(self):
        """Wait for some answers, and a moment, so that it happens at any moment of the next one."""
        goal = self.progress() + self.random.randint(5, 50)
        while self.progress() < goal:
            if self.ending.wait(0.1):
                return False
        return not self.ending.wait(self.random.uniform(0, 0.5))

    def kill(self):
        self.fleet.kill(self.random.randrange(len(self.fleet.ports)))

    def crash(self):
        self._restart_postgres("immediate")

    def restart(self):
        self._restart_postgres("fast")

    def _restart_postgres(self, mode):
        self.fleet.cluster.stop(mode)
        time.sleep(self.random.uniform(0, 1))
        self.fleet.cluster.start(DURABLE)

    def stop(self):
        self.ending.set()
        self.join()


class CompanyChaos(Chaos):
    """What breaks in a company that has workers, and a file store.

    :param float pause: seconds between two of them
    """

    KINDS = ("worker", "worker", "worker", "worker", "kill", "crash", "restart", "full_disk")
    FULL_SECONDS = 10

    def __init__(self, fleet, progress, seed, pause):
        super().__init__(fleet, progress, seed)
        self.pause = pause

    def _await_progress(self):
        return not self.ending.wait(self.pause * self.random.uniform(0.5, 1.5)) and super()._await_progress()

    def worker(self):
        """A worker ends in the middle of whatever it does, a request or a job."""
        self.fleet.kill_worker(self.random)

    def full_disk(self):
        """The file store takes no files any more for a while, but for small ones."""
        with self.fleet.full_disk():
            self.ending.wait(self.FULL_SECONDS)
