{
    "name": "Dashboard of Lead Intake",
    "summary": "What came in, what became of it, and how fast leads are taken up",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_dashboard", "crm_leadintake"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "installable": True,
    "auto_install": True,
}
