{
    "name": "Lead Intake",
    "summary": "Leads from websites, partners and portals: none lost, none doubled, over whatever they speak",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm"],
    "data": [
        "security/crm_leadintake_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/crm_intake_source_views.xml",
        "views/crm_menus.xml",
    ],
    "installable": True,
}
