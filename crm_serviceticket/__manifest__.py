{
    "name": "Service Tickets",
    "summary": "Complaints of customers: by e-mail, with a deadline, a measure and a result",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_salesboard", "portal"],
    "data": [
        "security/crm_ticket_groups.xml",
        "security/crm_ticket_security.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence_data.xml",
        "data/crm_choice_data.xml",
        "data/crm_ticket_status_data.xml",
    ],
    "installable": True,
}
