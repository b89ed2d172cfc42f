{
    "name": "CRM in Outlook and Gmail",
    "summary": "Odoo's mail add-in shows sales status, projects and tickets, and files e-mails on them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_mail_plugin", "crm_salesboard", "crm_serviceticket"],
    "assets": {
        "web.assets_backend": ["crm_mailplugin/static/src/add_in_links/*.js"],
        "web.assets_tests": ["crm_mailplugin/static/tests/tours/**/*"],
    },
    "installable": True,
}
