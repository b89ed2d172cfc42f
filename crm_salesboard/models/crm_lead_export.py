from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What tells whose project it is where no customer is recorded.
NAMED_BY = ("partner_name", "contact_name", "email_from")


class CrmLead(models.Model):
    """Whose the projects of a view of the board are."""

    _inherit = "crm.lead"

    @api.model
    def _check_may_export(self):
        """Refuse those without the right to export, whichever way they ask.

        :raise AccessError: the user may not read projects, or not export
        """
        self.check_access("read")
        # Accountants read projects, and take none along.
        self.env["crm.board.export"].check_access("read")
        if not (self.env.is_admin() or self.env.user.has_group("base.group_allow_export")):
            raise AccessError(
                self.env._("You have no right to export data. Ask your administrator for the right to export.")
            )

    @api.model
    def _export_domain(self, domain):
        """The projects of a view of the board.

        :param list domain: as it comes from the web client
        :raise UserError: it is no domain of projects
        """
        try:
            domain = Domain(domain)
            domain.validate(self)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(self.env._("This is not a search for projects. Start again from the board.")) from error
        return self._salesboard_domain(domain)

    @api.model
    def _export_customers(self, domain):
        """Customers of the projects, by name: a company stands for its contact persons.

        :param Domain domain: of projects
        :return: list of ``([customer id, [ids of it and its contact persons]], number of projects)``
        """
        domain &= Domain("partner_id", "!=", False)
        leads = self.with_context(active_test=False)
        counts = dict(leads._read_group(domain, ["partner_id"], ["__count"], order="partner_id"))
        # sudo: only which company a contact person belongs to, of customers whose projects the user may read
        partners = self.env["res.partner"].browse([partner.id for partner in counts]).sudo()
        partners.fetch(["commercial_partner_id"])
        customers = {}
        for partner in partners:
            key, found = customers.get(partner.commercial_partner_id.id, ([partner.commercial_partner_id.id, []], 0))
            key[1].append(partner.id)
            customers[key[0]] = (key, found + counts[partner.sudo(False)])
        return list(customers.values())

    @api.model
    def _export_emails(self, domain):
        """E-mail addresses of projects without a customer.

        :return: list of ``(address, number of projects)``
        """
        return self.with_context(active_test=False)._read_group(
            domain & Domain("partner_id", "=", False) & Domain("email_normalized", "!=", False),
            ["email_normalized"],
            ["__count"],
            order="email_normalized",
        )

    @api.model
    def _export_others(self, domain, named=True):
        """Projects with neither a customer nor an e-mail address.

        :param bool named: only those that say at least whose they are
        :return: list of ``(project id, 1)``
        """
        domain &= Domain("partner_id", "=", False) & Domain("email_normalized", "=", False)
        if named:
            domain &= Domain.OR(Domain(name, "not in", [False, ""]) for name in NAMED_BY)
        return [(lead_id, 1) for lead_id in self.with_context(active_test=False)._search(domain, order="id")]
