from odoo import api, models
from odoo.exceptions import UserError


class CrmTicket(models.Model):
    """The number of a ticket: of the company's own sequence, if there is one, or of the one that all share."""

    _inherit = "crm.ticket"

    @api.model
    def _fill_in_numbers(self, vals_list):
        """Give a number to those that have none, of each company all at once."""
        by_company = {}
        for vals in vals_list:
            if (vals.get("number") or "/") == "/":
                by_company.setdefault(vals.get("company_id") or self.env.company.id, []).append(vals)
        for company_id, waiting in by_company.items():
            company = self.env["res.company"].browse(company_id)
            for vals, number in zip(waiting, self._next_numbers(company, len(waiting)), strict=True):
                vals["number"] = number

    @api.model
    def _next_numbers(self, company, count):
        """Take numbers that no other ticket of the company has, nor gets at this moment.

        :param company: ``res.company``
        :param int count: how many
        :return: a list of strings
        :raise UserError: there is no sequence any more
        """
        # sudo: numbers are for whoever may make a ticket
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        domain = [("code", "=", "crm.ticket"), ("company_id", "in", [company.id, False])]
        sequence = sequences.search(domain, order="company_id", limit=1)
        if not sequence:
            raise UserError(self.env._("There is no sequence for the numbers of tickets (code crm.ticket). Make one."))
        numbers = []
        while len(numbers) < count:
            drawn = sequence._draw_for_tickets(count - len(numbers))
            numbers += self._without_taken(company, drawn)
        return numbers

    @api.model
    def _without_taken(self, company, numbers):
        """Leave out numbers that came with tickets of another system."""
        # sudo: also those of tickets that the user may not see
        domain = [("company_id", "=", company.id), ("number", "in", numbers)]
        taken = {row["number"] for row in self.sudo().search_read(domain, ["number"])}
        return [number for number in numbers if number not in taken]
