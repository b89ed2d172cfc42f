from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner_warning import WARNED

# How many projects the customer's form shows at once; "View all" leads to the others.
PROJECTS_LIMIT = 80


class ResPartner(models.Model):
    """The customer's projects, on the form that people already use. Counting them is left to Odoo's own button."""

    _inherit = "res.partner"

    crm_project_ids = fields.One2many(
        "crm.lead",
        string="CRM Projects",
        compute="_compute_crm_projects",
        inverse="_inverse_crm_project_ids",
        context={"active_test": False},
        groups=WARNED,
        help="The projects of the customer, of its contacts and, on a contact person, of the company: open ones first, "
        "by expected closing, then the closed ones, last closed first.",
    )
    crm_has_more_projects = fields.Boolean(compute="_compute_crm_projects", groups=WARNED)
    crm_has_status = fields.Boolean(compute="_compute_crm_projects", groups=WARNED)
    crm_has_stage = fields.Boolean(compute="_compute_crm_projects", groups=WARNED)

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_projects(self):
        by_company = self.commercial_partner_id._origin._fetch_crm_projects()
        none = self.env["crm.lead"]
        for partner in self:
            found = by_company.get(partner.commercial_partner_id._origin, none)
            shown = found[:PROJECTS_LIMIT]
            partner.crm_project_ids = shown
            partner.crm_has_more_projects = len(found) > PROJECTS_LIMIT
            partner.crm_has_status = any(lead.board_column_id for lead in shown)
            partner.crm_has_stage = any(not lead.board_column_id for lead in shown)

    def _inverse_crm_project_ids(self):
        """The projects were written by their own rules; what is left is to put them in order again."""
        self.invalidate_recordset(["crm_project_ids"])

    def _fetch_crm_projects(self):
        """The projects of companies, with those of all below them, in the order in which they are shown.

        Two queries for projects, whatever the number of companies; of a single one no more are read than are shown.

        :return: ``{res.partner: crm.lead}``, of a single company up to one more than ``PROJECTS_LIMIT``
        """
        if not self:
            return {}
        leads = self.env["crm.lead"].with_context(active_test=False)
        limit = PROJECTS_LIMIT + 1 if len(self) == 1 else None
        domain = Domain(self._get_contact_opportunities_domain())
        is_open = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        found = leads.search(domain & is_open, order="date_deadline, id desc", limit=limit)
        if limit is None or len(found) < limit:
            found += leads.search(domain & ~is_open, order="date_closed desc, id desc", limit=limit)
        found = found.with_env(self.env)
        return {self: found[:limit]} if limit else self._share_out(found)

    def _share_out(self, leads):
        """Give each company those of ``leads`` that belong to it or to a partner below it, in their order."""
        ids = defaultdict(list)
        for lead in leads.sudo():  # sudo: who stands above a customer, nothing of those partners
            partner = lead.partner_id
            while partner:
                ids[partner.id].append(lead.id)
                partner = partner.parent_id
        return {company: leads.browse(ids[company.id]) for company in self}

    def action_new_crm_project(self):
        """Start a project with this customer.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Project"),
            "res_model": "crm.lead",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id, "default_type": "opportunity"},
        }

    def action_view_crm_projects(self):
        """Open all projects of the company, however many: as Odoo's own button does or, for accountants, as a list.

        :return: an action
        """
        self.ensure_one()
        if self.env["crm.lead"].has_access("write"):
            return self.commercial_partner_id.action_view_opportunity()
        return self.env["crm.lead"]._action_of_accounting(
            Domain("partner_id", "child_of", self.commercial_partner_id.ids)
        )
