"""As many customers as ``BENCH_SIZE`` says, whom each channel reaches, for the benchmark of campaigns.

Run by ``setup/odoo shell``, which provides ``env``, on a database that prepare.py has prepared.
"""

import os

LOGIN = "manager"
TAG = "Bench Campaign"
CHUNK = 1000


def fill(env, size):
    """One in a hundred is on the blacklist, and one in a hundred is somebody else on the list."""
    if env["res.partner.category"].search([("name", "=", TAG)]):
        return
    tag = env["res.partner.category"].create({"name": TAG})
    country = env.ref("base.de")
    env.company.partner_id.write({"street": "Marktplatz 1", "zip": "10115", "city": "Berlin", "country_id": country.id})
    env.company.email = "office@example.com"
    env["res.users"].search([("login", "=", LOGIN)]).group_ids |= env.ref("mass_mailing.group_mass_mailing_user")
    for begin in range(0, size, CHUNK):
        numbers = range(begin, min(begin + CHUNK, size))
        env["res.partner"].create([customer(number, tag, country) for number in numbers])
    env["mail.blacklist"].create([{"email": f"customer{number}@example.com"} for number in range(7, size, 100)])
    env["crm.letter.template"].create(
        {
            "name": TAG,
            "subject": "An invitation for {{ object.name }}",
            "salutation": "Dear {{ object.name }},",
            "body": "<p>Come and see us at the fair in <t t-out='object.city'/>.</p>" * 4,
            "closing": "Kind regards",
        }
    )
    env.cr.commit()


def customer(number, tag, country):
    alike = number - 1 if number % 100 == 50 else number
    return {
        "name": f"Customer {alike}",
        "email": f"customer{alike}@example.com",
        "phone": f"+49 151 {20_000_000 + number}",
        "street": f"Hauptstraße {number % 300}",
        "zip": f"{10_000 + number * 37 % 80_000}",
        "city": "Köln",
        "country_id": country.id,
        "category_id": [(4, tag.id)],
    }


if "env" in globals():
    fill(env, int(os.environ["BENCH_SIZE"]))  # noqa: F821
