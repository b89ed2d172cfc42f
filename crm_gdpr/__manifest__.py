{
    "name": "Privacy",
    "summary": "Contacts by age, anonymised completely and provably, with what the law keeps listed",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm", "privacy_lookup"],
    "data": [
        "security/crm_gdpr_security.xml",
        "security/ir.model.access.csv",
        "views/crm_gdpr_menus.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_tests": ["crm_gdpr/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
    "application": True,
    "installable": True,
}
