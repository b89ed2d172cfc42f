"""What the company chose, read once for a run."""

from datetime import date

from ..tools import retention, strategies


class Settings:
    """
    :param strategies: ``{model: {field: (strategy, fixed text)}}``
    :param key: the company's secret
    """

    def __init__(self, env, strategies, key):
        self.env = env
        self.strategies = strategies
        self.key = key
        self._ends = {}

    def get_fiscal_until(self, company_id, day):
        """Until when an entry of that day has to be kept, in the company's country."""
        if (company_id, day) not in self._ends:
            # the officer need not belong to the company
            company = self.env["res.company"].sudo().browse(company_id)
            self._ends[company_id, day] = retention.get_end(_end_of_year(company, day), company._get_retention_years())
        return self._ends[company_id, day]

    def is_nobody(self, name):
        """Whether this is what anonymised contacts are called."""
        kind, text = self.strategies["res.partner"]["name"]
        return name == text if kind == "fixed" else strategies.is_hash(name)

    def get_kept_files(self):
        """The (model, field) of the files that the company keeps."""
        return {
            (model, name)
            for model, fields in self.strategies.items()
            for name, (strategy, _text) in fields.items()
            if strategy == "keep" and self.env[model]._fields[name].type == "binary"
        }


def _end_of_year(company, day):
    """The last day of the business year, which only accounting knows."""
    if hasattr(company, "compute_fiscalyear_dates"):
        return company.compute_fiscalyear_dates(day)["date_to"]
    return date(day.year, 12, 31)
