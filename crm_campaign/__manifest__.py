{
    "name": "Campaigns",
    "summary": "Campaigns by e-mail, SMS, letter and phone: who was reached, who reacted, and what it brought",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_letter", "mass_mailing_crm", "mass_mailing_sms", "mass_mailing_sale"],
    "data": [
        "security/crm_campaign_security.xml",
        "security/ir.model.access.csv",
        "data/utm_stage_data.xml",
        "data/crm_choice_data.xml",
        "data/ir_cron_todo_data.xml",
        "views/crm_campaign_call_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_campaign/static/src/**/*"],
        "web.assets_tests": ["crm_campaign/static/tests/tours/**/*"],
    },
    "installable": True,
}
