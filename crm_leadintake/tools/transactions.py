"""Transactions of the intake's own, apart from the request's."""

from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo import SUPERUSER_ID, api
from odoo.sql_db import Cursor, PoolError


@contextmanager
def own_transaction(registry, context=None):
    """Yield an environment on a cursor of its own, which is committed at the end.

    Unlike Odoo's usual ones these transactions are READ COMMITTED: whoever has waited for a lock has to see what
    the one that held it has committed, else two requests at the same moment would both make the lead.
    """
    with registry.cursor() as cr:
        # a cursor of Odoo's tests is a part of the transaction of the test
        if isinstance(cr, Cursor):
            cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
        yield api.Environment(cr, SUPERUSER_ID, context or {})


def is_outage(error):
    """Tell whether the database could not do what it was asked, now: that is nothing against what it was asked.

    An idle connection that was cut is noticed by a plain DatabaseError.
    """
    kinds = psycopg2.OperationalError | psycopg2.InterfaceError | PoolError
    return isinstance(error, kinds) or type(error) is psycopg2.DatabaseError
