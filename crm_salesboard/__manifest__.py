{
    "name": "Sales Board",
    "summary": "CRM projects on a board with processes, periods and true totals",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Board contributors",
    "license": "LGPL-3",
    "depends": ["sale_crm", "crm_sms"],
    "data": [],
    "application": False,
    "installable": True,
}
