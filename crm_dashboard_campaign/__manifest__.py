{
    "name": "Dashboard of Campaigns",
    "summary": "Whom campaigns reached, who reacted, and what they brought against their cost",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_dashboard", "crm_campaign"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "installable": True,
    "auto_install": True,
}
