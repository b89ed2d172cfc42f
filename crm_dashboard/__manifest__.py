{
    "name": "Sales Dashboards",
    "summary": "The acquisition funnel, and dashboards of sales, each figure with the projects behind it",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_salesboard", "spreadsheet_dashboard", "board"],
    "data": [
        "views/crm_lead_funnel_views.xml",
        "views/crm_lead_dashboard_views.xml",
        "data/spreadsheet_dashboard_data.xml",
    ],
    "demo": ["demo/crm_lead_source_demo.xml", "demo/crm_lead_move_demo.xml"],
    "assets": {
        "web.assets_backend_lazy": ["crm_dashboard/static/src/funnel/**/*"],
        "spreadsheet.o_spreadsheet": ["crm_dashboard/static/src/spreadsheet/**/*"],
        "web.assets_tests": ["crm_dashboard/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["crm_dashboard/static/tests/**/*.test.js"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
