"""Where persons are taken in: which fields of which models hold an e-mail address or a phone number."""

GUARDED: dict[str, dict[str, str]] = {
    "res.partner": {"email": "email", "phone": "phone"},
    "crm.lead": {"email_from": "email", "phone": "phone"},
    "mailing.contact": {"email": "email", "mobile": "phone"},
}
