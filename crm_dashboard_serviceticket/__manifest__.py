{
    "name": "Dashboard of Service Tickets",
    "summary": "Open and overdue tickets, how long they take and whether deadlines are kept",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_dashboard", "crm_serviceticket"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "demo": ["demo/crm_ticket_demo.xml"],
    "installable": True,
    "auto_install": True,
}
