{
    "name": "Privacy and Import",
    "summary": "Files that are imported leave anonymised persons out",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_gdpr", "base_import"],
    "installable": True,
    "auto_install": True,
}
