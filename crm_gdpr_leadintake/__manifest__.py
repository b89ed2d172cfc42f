{
    "name": "Privacy and Lead Intake",
    "summary": "No lead of an anonymised person is taken in again",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_gdpr", "crm_leadintake"],
    "data": ["views/crm_intake_source_views.xml"],
    "installable": True,
    "auto_install": True,
}
