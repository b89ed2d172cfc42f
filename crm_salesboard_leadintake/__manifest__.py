{
    "name": "Sales Board and Lead Intake",
    "summary": "What came in for a restricted project is as hidden as the project",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_salesboard", "crm_leadintake"],
    "data": ["security/crm_lead_inbox_security.xml"],
    "installable": True,
    "auto_install": True,
}
