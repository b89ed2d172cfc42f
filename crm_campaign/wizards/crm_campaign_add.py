from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MODELS = ("res.partner", "crm.lead")


class CrmCampaignAdd(models.TransientModel):
    """Adding the customers or leads of a list to a campaign: first what that would come to, then doing it."""

    _name = "crm.campaign.add"
    _description = "Add to a Campaign"

    res_model = fields.Selection([("res.partner", "Customers"), ("crm.lead", "Leads")], required=True, readonly=True)
    # As many as the list holds. Never sent to the browser: no view has it.
    record_ids = fields.Json(readonly=True, exportable=False)
    chosen_count = fields.Integer("Chosen", readonly=True)
    target = fields.Selection(
        [("existing", "One that is there"), ("new", "A new one")], "Campaign", required=True, default="existing"
    )
    campaign_id = fields.Many2one(
        "utm.campaign",
        "Which One",
        domain="[('phase', '!=', 'evaluated'), ('is_auto_campaign', '=', False), ('company_id', 'in', company_ids)]",
    )
    company_ids = fields.Many2many("res.company", compute="_compute_company_ids")
    new_name = fields.Char("Name")
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    in_count = fields.Integer(compute="_compute_summary")

    # ------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------

    @api.model
    def action_open_for(self, records):
        """Ask which campaign to put the chosen records of a list into.

        Of "all in the list" the web client hands over no more ids than its limit; then the search of the list tells.

        :param records: ``res.partner`` or ``crm.lead``, with the context that the web client sent
        :return: an action
        :raise AccessError: the user makes no campaigns
        """
        context = self.env.context
        # sudo: the web client is told of this limit as well
        limit = int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", default="20000"))
        if context.get("active_domain") is not None and len(records) >= limit:
            return self.action_open_for_search(records._name, context["active_domain"])
        return self._open(records)

    @api.model
    def action_open_for_search(self, model, domain, is_board=False):
        """The same for all that a list or the Sales Board shows at present.

        :param str model: ``res.partner`` or ``crm.lead``
        :param list domain: the present search
        :param bool is_board: it is the search of the Sales Board, with its period, owners and filters
        """
        if model not in MODELS:
            raise UserError(self.env._("Only customers and leads can be added to a campaign."))
        records = self.env[model]
        try:
            domain = records._salesboard_domain(domain) if is_board and model == "crm.lead" else Domain(domain)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is not a search. Open the list again.")) from error
        if is_board or self.env.context.get("active_test") is False:
            records = records.with_context(active_test=False)
        return self._open(records.search(domain))

    @api.model
    def _open(self, records):
        self.env["crm.campaign.member"].check_access("write")
        if not records:
            raise UserError(self.env._("There is nobody in the list. Search for somebody first."))
        wizard = self.create(
            {
                "res_model": records._name,
                "record_ids": list(records._ids),
                "chosen_count": len(records),
                "target": "existing" if self._get_latest() else "new",
                "campaign_id": self._get_latest().id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add to Campaign"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    @api.model
    def _get_latest(self):
        """The campaign that the user most likely means: their last one that is still in preparation."""
        domain = [
            ("user_id", "=", self.env.uid),
            ("is_auto_campaign", "=", False),
            ("phase", "in", ("preparation", "planned")),
            ("company_id", "in", self.env.companies.ids),
        ]
        return self.env["utm.campaign"].search(domain, order="id desc", limit=1)

    # ------------------------------------------------------------
    # What it would come to
    # ------------------------------------------------------------

    @api.depends_context("allowed_company_ids")
    def _compute_company_ids(self):
        self.company_ids = [Command.set([*self.env.companies.ids])]

    @api.depends("target", "campaign_id", "res_model")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary, wizard.in_count = False, 0
            if wizard.target == "existing" and not wizard.campaign_id:
                continue
            campaign = wizard.campaign_id._origin if wizard.target == "existing" else self.env["utm.campaign"]
            counts = self.env["crm.campaign.member"]._preview(campaign, wizard._get_records())
            wizard.summary, wizard.in_count = wizard._describe(counts), counts["in"]

    def _get_records(self):
        """What was chosen. Whether the user may see each is asked when the reasons are."""
        return self.env[self.res_model].browse(self._origin.record_ids or [])

    def _describe(self, counts):
        """The figures as a table that a screen reader can read."""
        labels = dict(self.env["crm.campaign.member"]._fields["reason"]._description_selection(self.env))
        left_out = counts["left_out"]
        rows = [(self.env._("Come into the group"), counts["in"], "fw-bold")]
        if counts["there"]:
            rows.append((self.env._("Are on the list already"), counts["there"], "fw-normal"))
        if left_out:
            rows.append((self.env._("Are left out"), sum(left_out.values()), "fw-bold"))
        rows += [(labels[reason], left_out[reason], "fw-normal ps-4") for reason in labels if reason in left_out]
        number = self.env["ir.qweb.field.integer"].value_to_html
        row = Markup('<tr><th scope="row" class="%s">%s</th><td class="text-end">%s</td></tr>')
        body = Markup("").join(row % (style, label, number(count, {})) for label, count, style in rows)
        return Markup('<table class="table table-sm mb-0 o_crm_campaign_add_summary"><tbody>%s</tbody></table>') % body

    # ------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------

    def action_add(self):
        """Add them, and open the group.

        :return: an action
        :raise UserError: no campaign was chosen or named, or it takes nobody any more
        """
        self.ensure_one()
        members = self.env["crm.campaign.member"]
        members.check_access("write")
        campaign = self._get_campaign()
        members._add(campaign, self._get_records())
        return members._action_open_group(campaign)

    def _get_campaign(self):
        if self.target == "existing":
            if not self.campaign_id:
                raise UserError(self.env._("Choose the campaign, or give a new one a name."))
            return self.campaign_id
        name = (self.new_name or "").strip()
        if not name:
            raise UserError(self.env._("Give the new campaign a name."))
        return self.env["utm.campaign"].create({"title": name})
