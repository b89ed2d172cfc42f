{
    "name": "CRM Webhooks",
    "summary": "Customers, projects and outcomes, signed and in order, to another system; tried again for a day",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_salesboard"],
    "data": [
        "security/crm_webhook_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/crm_webhook_delivery_views.xml",
        "views/crm_webhook_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_menus.xml",
    ],
    "demo": [
        "demo/crm_webhook_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_webhook/static/src/**/*"],
        "web.assets_tests": ["crm_webhook/static/tests/tours/**/*"],
    },
    "installable": True,
    "uninstall_hook": "uninstall_hook",
}
