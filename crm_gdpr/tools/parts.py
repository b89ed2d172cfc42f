"""The parts of a job, each committed by itself."""

from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES = 5


class Parts:
    """How a job goes on where a part of it met another transaction: it is undone, and done once more, half as large.

    The smaller a part, the less is met by it. What counts is how often the same part failed: one that was committed
    begins anew.

    :param int most: how many records are in a part at most
    """

    def __init__(self, env, most):
        self.env = env
        self.most = self.size = most
        self.failures = 0

    @property
    def is_hopeless(self):
        """Whether to leave it for later."""
        return self.failures >= TRIES

    @contextmanager
    def attempt(self):
        """Do one part, with its commit. Outside of a job, whoever ends the transaction has to try again."""
        try:
            yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if "cron_id" not in self.env.context:
                raise
            self.env.cr.rollback()
            self.env.invalidate_all()
            self.failures += 1
            self.size = max(self.size // 2, 1)
        else:
            self.failures = 0
            self.size = min(2 * self.size, self.most)
