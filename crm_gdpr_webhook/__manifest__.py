{
    "name": "Privacy and CRM Webhooks",
    "summary": "Other systems are told whom to forget",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_gdpr", "crm_webhook"],
    "data": ["views/crm_webhook_views.xml"],
    "installable": True,
    "auto_install": True,
}
