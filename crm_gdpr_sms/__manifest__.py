{
    "name": "Privacy and SMS",
    "summary": "Anonymised persons get no SMS",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_gdpr", "sms"],
    "installable": True,
    "auto_install": True,
}
