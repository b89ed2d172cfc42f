"""Years of CRM for the benchmark of installing, as many leads as ``BENCH_SIZE`` says.

Run by ``setup/odoo shell``, which provides ``env``, on a database with Odoo's own modules.
"""

import os

from tests.life.native import fill

fill(env, int(os.environ["BENCH_SIZE"]))  # noqa: F821 (the shell's)
env.cr.commit()  # noqa: F821
