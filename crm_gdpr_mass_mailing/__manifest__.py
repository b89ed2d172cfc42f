{
    "name": "Privacy and Mailings",
    "summary": "Addresses of anonymised persons are not pasted into a mailing list again",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Sales Board authors",
    "license": "LGPL-3",
    "depends": ["crm_gdpr", "mass_mailing"],
    "installable": True,
    "auto_install": True,
}
