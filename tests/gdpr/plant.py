"""Plants the person wherever a company of some years has its customers."""

import importlib

from tests.gdpr.cast import PLANTS, Cast

# in the order in which they are planted
MODULES = (
    "contacts leads messages documents sales accounting mailings agenda discuss configuration board intake tickets "
    "portal"
).split()


class Planted:
    """A company's database in which she stands everywhere, and where.

    :param company: whose database it is
    :param Cast cast: who played; nothing of their records is kept but ids
    """

    def __init__(self, company, cast):
        self.company = company
        self.places = set(cast.places)  # {(table.column, row)}
        self.found = []
        self.bystanders = {table: set(ids) for table, ids in cast.bystanders.items()}
        self.ids = {
            name: records.ids for name, records in vars(cast).items() if hasattr(records, "_name") and records.ids
        }


def plant_all(company, world):
    """Plant her everywhere.

    :return: Planted
    """
    for module in MODULES:
        importlib.import_module(f"tests.gdpr.plants.{module}")
    company.address = company.serve()
    with company.env() as env:
        world.connect(env)
        for name in ("web.base.url", "report.url"):
            env["ir.config_parameter"].set_param(name, company.address)
        cast = Cast(env, company)
        cast.hire()
        cast.commit()
        for function in PLANTS:
            function(cast)
            cast.commit()
        return Planted(company, cast)
