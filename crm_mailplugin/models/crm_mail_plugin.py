from odoo import api, models
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

# Odoo's own section of tickets, which comes with its Helpdesk. The add-in knows tickets by no other name.
HELPDESK_PLUGIN = "helpdesk_mail_plugin"
HELPDESK_TICKET = "helpdesk.ticket"
SEPARATOR = " · "
# What is shown, and warned of, of all that the customer's page counts.
COUNTED = ("tickets", "open_tickets", "overdue_tickets")


class CrmMailPlugin(models.AbstractModel):
    """What Odoo's mail add-in shows of a customer, in the few places that it has for it.

    The figures are those of the customer on one page, asked with the user's own rights. The add-in itself cannot be
    extended: it shows a title beside the name, one message, and of each project and ticket a name, so that is where
    the sales status, warnings and the status of projects and tickets stand. The same comes as keys of its own for
    programs.
    """

    _name = "crm.mail.plugin"
    _description = "CRM in the Mail Add-in"

    # ------------------------------------------------------------
    # Helpdesk
    # ------------------------------------------------------------

    @api.model
    def _is_left_to_helpdesk(self):
        """Whether Odoo's Helpdesk fills the add-in's section of tickets."""
        return HELPDESK_PLUGIN in self.env.registry._init_modules

    @api.model
    def _shows_tickets(self):
        """Whether the section is there: as all of the add-in's sections, for those who may make what stands in it."""
        return not self._is_left_to_helpdesk() and self.env["crm.ticket"].has_access("create")

    @api.model
    def _model_of(self, model):
        """The model that the add-in means."""
        return "crm.ticket" if model == HELPDESK_TICKET and not self._is_left_to_helpdesk() else model

    # ------------------------------------------------------------
    # The customer
    # ------------------------------------------------------------

    @api.model
    def _add_sales(self, partner, answer):
        """Add what sales knows of a customer to what Odoo answers of a contact.

        A contact person has the status, the projects and the tickets of the company, with the name of whose they are.

        :param partner: ``res.partner``, empty where nobody has the address
        :param dict answer: with ``partner`` and, where the user may make projects, ``leads``
        :return: dict, with

            - ``partner.title``: the position, and the sales status
            - ``partner.enrichment_info``: what to be warned of, where the add-in has nothing else to say
            - ``sales_status``: ``{"name", "text_color", "background_color"}`` or False
            - ``warnings``: list of texts
            - ``leads`` and ``lead_count``: the first open and the last closed projects, see ``_lead_values``
            - ``tickets`` and ``ticket_count``: the first open and the last closed tickets, see ``_ticket_values``
        """
        if not partner:
            return {**answer, **({"tickets": []} if self._shows_tickets() else {})}
        page = self.env["crm.customer.page"]
        customer = page._get_customer(self._customer_of(partner).id)
        page._count(customer, COUNTED)
        status = page._get_sales_status(customer)
        warnings = [warning["text"] for warning in page._get_warnings(customer)]
        return {
            **answer,
            "partner": self._partner_values(answer["partner"], status, warnings),
            "sales_status": status,
            "warnings": warnings,
            **(self._projects_section(customer) if "leads" in answer else {}),
            **(self._tickets_section(customer) if self._shows_tickets() else {}),
        }

    @api.model
    def _customer_of(self, partner):
        """The company of a contact person, or the person alone where the user may not see the company."""
        company = partner.commercial_partner_id
        return company if company.has_access("read") else partner

    @api.model
    def _partner_values(self, values, status, warnings):
        title = SEPARATOR.join(filter(None, (values["title"], status and status["name"])))
        info = values["enrichment_info"]
        if warnings and not info:
            info = {"type": "odoo_custom_error", "info": "\n".join(warnings)}
        return {**values, "title": title or values["title"], "enrichment_info": info}

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    @api.model
    def _projects_section(self, customer):
        leads = customer.first_projects["open"] | customer.first_projects["closed"]
        return {"leads": [self._lead_values(customer, lead) for lead in leads], "lead_count": len(customer.lead_ids)}

    @api.model
    def _lead_values(self, customer, lead):
        """A project as the add-in reads it, and in the terms of the board.

        :return: dict of

            - ``lead_id``, ``name``, ``expected_revenue`` (text), ``probability`` and, where Odoo uses them,
              ``recurring_revenue`` and ``recurring_plan``: read by the add-in
            - ``subject``, ``process``, ``status``, ``won_status``, ``projected``, ``weighted``, ``actual``,
              ``currency``, ``closing_date``, ``is_late``, ``customer`` and ``owner``
        """
        line = self.env["crm.customer.page"]._project_line(customer, lead)
        status, whose = (line.get("badge") or {}).get("name"), line.get("who")
        values = {
            "lead_id": lead.id,
            "name": SEPARATOR.join(filter(None, (lead.name, status, whose))),
            "expected_revenue": formatLang(self.env, line.get("amount", 0), currency_obj=lead.company_currency),
            "probability": lead.probability,
            "subject": lead.name,
            "process": lead.board_column_id.process_id.name,
            "status": status,
            "won_status": lead.won_status,
            "projected": lead.expected_revenue,
            "weighted": lead.prorated_revenue,
            "actual": lead.actual_revenue,
            "currency": lead.company_currency.name,
            "closing_date": line.get("date"),
            "is_late": bool(line.get("late")),
            "customer": whose or customer.partner.name,
            # sudo: names of colleagues, also those of other companies
            "owner": lead.user_id.sudo().name,
        }
        if self.env.user.has_group("crm.group_use_recurring_revenues"):
            recurring = formatLang(self.env, lead.recurring_revenue, currency_obj=lead.company_currency)
            values |= {"recurring_revenue": recurring, "recurring_plan": lead.recurring_plan.name}
        return values

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    @api.model
    def _tickets_section(self, customer):
        tickets = self.env["crm.customer.page"]._first_tickets(customer)
        return {
            "tickets": [self._ticket_values(customer, ticket) for ticket in tickets],
            "ticket_count": customer.counted["tickets"][-1],
        }

    @api.model
    def _ticket_values(self, customer, ticket):
        """A ticket as the add-in reads it, and besides.

        :return: dict of ``ticket_id``, ``name`` and ``is_closed``, read by the add-in, and of ``number``, ``subject``,
            ``status``, ``deadline``, ``is_overdue``, ``contact`` and ``responsible``
        """
        line = self.env["crm.customer.page"]._ticket_line(customer, ticket)
        status, is_overdue = (line.get("badge") or {}).get("name"), bool(line.get("late"))
        parts = (ticket.display_name, status, self._deadline_text(ticket, is_overdue), line.get("who"))
        return {
            "ticket_id": ticket.id,
            "name": SEPARATOR.join(filter(None, parts)),
            "is_closed": bool(ticket.is_closed),
            "number": ticket.number,
            "subject": ticket.name,
            "status": status,
            "deadline": line.get("date"),
            "is_overdue": is_overdue,
            "contact": line.get("who"),
            # sudo: names of colleagues, also those of other companies
            "responsible": ticket.user_id.sudo().name,
        }

    @api.model
    def _deadline_text(self, ticket, is_overdue):
        if ticket.is_closed or not ticket.date_deadline:
            return None
        moment = format_datetime(self.env, ticket.date_deadline, dt_format="short")
        if is_overdue:
            return self.env._("overdue since %(moment)s", moment=moment)
        return self.env._("until %(moment)s", moment=moment)

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    @api.model
    def _get_terms(self):
        """The add-in's own terms that are called otherwise here, in the user's language.

        :return: dict of text by term
        """
        if not self.env["crm.lead"].has_access("create"):
            return {}
        return {
            "Opportunities": self.env._("Projects"),
            "Opportunities (%(count)s)": self.env._("Projects (%(count)s)"),
            "Opportunities (%s)": self.env._("Projects (%s)"),
            "Log Email Into Lead": self.env._("Log Email Into Project"),
            "Log the email on the lead": self.env._("Log the email on the project"),
            "Email already logged on the lead": self.env._("Email already logged on the project"),
            "Could not create the lead": self.env._("Could not create the project"),
            "No opportunities found for this contact.": self.env._("No projects found for this contact."),
            "Save Contact to create new Opportunities.": self.env._("Save the contact to create projects."),
            "The Contact needs to exist to create Opportunity.": self.env._("Projects need a contact that exists."),
            "You can only create opportunities for existing customers.": self.env._(
                "Projects need a contact that exists."
            ),
        }
