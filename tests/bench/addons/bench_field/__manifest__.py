{
    "name": "One stored field",
    "summary": "What Odoo takes to add one stored computed field to leads, the measure for installing our addons",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "The Sales Board authors",
    "depends": ["crm"],
    "installable": True,
}
