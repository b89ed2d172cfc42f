"""What others are told of what is done here: after it is committed, and of nothing that is undone."""

from contextlib import contextmanager

from odoo.tools.misc import Callbacks


@contextmanager
def told_when_done(cr, *, is_undone=False):
    """Do not do after the commit what something asked for that failed, or that is undone by whoever calls this.

    A savepoint undoes what is in the database alone: a webhook of a row that was deleted in it would be called all the
    same, as well as what Odoo's own modules tell calendars and the like.

    :param is_undone: it will be, as a rehearsal is
    """
    before, is_done = _copy(cr.postcommit), False
    try:
        yield
        is_done = not is_undone
    finally:
        if not is_done:
            cr.postcommit = before


def _copy(callbacks):
    copy = Callbacks()
    copy._funcs.extend(callbacks._funcs)
    copy.data.update(callbacks.data)
    return copy
