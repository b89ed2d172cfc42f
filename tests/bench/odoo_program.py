"""Odoo's command line as a file: with workers Odoo starts itself again by the name of its program: ``-m`` has none."""

import sys

sys.path.pop(0)  # this folder, whose modules are none of Odoo's

from odoo.cli.command import main

main()
