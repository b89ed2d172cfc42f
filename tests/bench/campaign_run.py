"""What is measured of campaigns in a copy of a database, within ``setup/odoo shell``, which provides ``env``."""

import json
import time

from tests.bench.campaign_fill import LOGIN, TAG

SUBJECT = "{{ object.name }}, come to the fair"
BODY = '<div><p>Dear <t t-out="object.name"/>,</p><p>see <a href="https://example.com/fair">what is new</a>.</p></div>'
LETTERS = 1000


def tell(figures):
    print("measured", json.dumps(figures))


def measure(env, native_first=True):
    """Seconds: building the group, queueing an e-mail to it and natively to the same customers, and its letters.

    :return: dict of figures; ``members``, ``mails`` and ``native_mails`` say of how many
    """
    as_user = env(user=env["res.users"].search([("login", "=", LOGIN)]))
    figures = build(as_user)
    sides = [native_mail, our_mail]
    for side in sides if native_first else reversed(sides):
        figures |= side(as_user, figures["campaign"])
    return figures | letters(as_user)


def took(env, call):
    """Seconds of a request: what it does, written and committed."""
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()
    started = time.perf_counter()
    result = call()
    env.flush_all()
    env.cr.commit()
    return time.perf_counter() - started, result


# ------------------------------------------------------------
# The group
# ------------------------------------------------------------


def build(env):
    """All of a list: opening the dialogue, which says who would be in, and adding them."""
    domain = [("category_id.name", "=", TAG)]
    wizards = env["crm.campaign.add"]

    def open_dialogue():
        wizard = wizards.browse(wizards.action_open_for_search("res.partner", domain)["res_id"])
        wizard.write({"target": "new", "new_name": TAG})
        wizard.read(["summary", "in_count"])
        return wizard

    opening, wizard = took(env, open_dialogue)
    adding, action = took(env, wizard.action_add)
    members = env["crm.campaign.member"].search(action["domain"])
    reasons, _found = took(env, members._get_reasons)
    return {
        "opening": opening,
        "adding": adding,
        "group": opening + adding,
        "reasons": reasons,
        "members": len(members),
        "in": len(members.filtered(lambda member: member.state == "in")),
        "campaign": members.campaign_id.id,
    }


# ------------------------------------------------------------
# E-mail, until it is in Odoo's mail queue
# ------------------------------------------------------------


def our_mail(env, campaign_id):
    step = make_step(env, campaign_id, channel="mail")
    step._make_mailing()
    step.mailing_id.write({"subject": SUBJECT, "body_arch": BODY, "body_html": BODY})
    starting, _done = took(env, step.action_start)
    queueing, _done = took(env, lambda: process_queue(env))
    return {"start": starting, "queue": starting + queueing, "mails": count_mails(step.mailing_id)}


def native_mail(env, campaign_id):
    """A mailing to those very customers, who are in the group: by a tag, as Odoo reads no domain with so many ids."""
    members = env["crm.campaign.member"].search([("campaign_id", "=", campaign_id), ("state", "=", "in")])
    tag = env["res.partner.category"].create({"name": f"{TAG} group", "partner_ids": [(6, 0, members.partner_id.ids)]})
    mailing = env["mailing.mailing"].create(
        {
            "subject": SUBJECT,
            "body_arch": BODY,
            "body_html": BODY,
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": repr([("category_id", "in", tag.ids)]),
            "campaign_id": env["utm.campaign"].create({"title": f"{TAG} native"}).id,
        }
    )
    starting, _done = took(env, mailing.action_put_in_queue)
    queueing, _done = took(env, lambda: process_queue(env))
    return {"native_queue": starting + queueing, "native_mails": count_mails(mailing)}


def process_queue(env):
    env["mailing.mailing"].with_user(1)._process_mass_mailing_queue()


def count_mails(mailing):
    return mailing.env["mail.mail"].sudo().search_count([("mailing_id", "=", mailing.id)])


def make_step(env, campaign_id, **values):
    values = {"campaign_id": campaign_id, "name": TAG, "company_id": env.company.id, **values}
    return env["crm.campaign.step"].create(values)


# ------------------------------------------------------------
# Letters
# ------------------------------------------------------------


def letters(env):
    """A campaign of its own, of a thousand, or of all where they are fewer; a page each."""
    campaign = env["utm.campaign"].create({"title": f"{TAG} letters"})
    partners = env["res.partner"].search([("category_id.name", "=", TAG)], limit=LETTERS * 11 // 10)
    env["crm.campaign.member"]._add(campaign, partners)
    members = env["crm.campaign.member"].search([("campaign_id", "=", campaign.id)])
    members.search([("campaign_id", "=", campaign.id), ("state", "=", "in")], offset=LETTERS).action_remove()
    template = env["crm.letter.template"].search([("name", "=", TAG)])
    step = make_step(env, campaign.id, channel="letter", letter_template_id=template.id)
    starting, _done = took(env, step.action_start)
    printing, _done = took(env, lambda: env["crm.letter.batch"].with_user(1)._print_waiting())
    batch = step.letter_batch_id
    assert batch.state == "done" and batch.attachment_id, f"{batch.state}: {batch.stop_reason}"
    return {"letters": starting + printing, "pages": batch.printed_count}
