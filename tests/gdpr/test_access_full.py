"""She gets everything that is stored about her, wherever a company has its customers, and nothing of anybody else."""

import hashlib
import io
import json
import zipfile
from collections import defaultdict

import pytest
from lxml import html

from tests.gdpr.person import NAMESAKE_EMAIL, NAMESAKE_PHONE, PERSON, RELATIVE

SETTING = "a word of the company's settings"
DIALOGUE = "what a dialogue left behind, and is gone within hours"
COPY = "told with something else, of which it is a copy or a part"
MENTION = "of somebody else or of nobody: she is named in words alone, which the search by hand finds"
TECHNICAL = "says nothing that she could read"
# where she stands and what she is not told
UNTOLD = {
    "account_analytic_line": MENTION,
    "account_move_line": COPY,
    "account_move_reversal": DIALOGUE,
    "account_payment_register": DIALOGUE,
    "account_reconcile_model": SETTING,
    "account_reconcile_model_line": SETTING,
    "auth_passkey_key": MENTION,  # made by somebody else
    "auth_totp_wizard": DIALOGUE,
    "base_import_import": DIALOGUE,
    "bus_bus": COPY,
    "calendar_alarm": SETTING,
    "calendar_popover_delete_wizard": DIALOGUE,
    "change_password_user": DIALOGUE,
    "crm_board_export": DIALOGUE,
    "crm_board_export_part": DIALOGUE,
    "crm_board_put": DIALOGUE,
    "crm_campaign_step": SETTING,
    "crm_intake_rule": SETTING,
    "crm_intake_source": SETTING,
    "crm_lead_inbox_correct": DIALOGUE,
    "crm_lead_inbox_correct_line": DIALOGUE,
    "crm_lead_lost": DIALOGUE,
    "crm_lost_reason": SETTING,
    "crm_sms_sending": COPY,
    "crm_tag": SETTING,
    "crm_team": SETTING,
    "discuss_channel": COPY,
    "ir_act_server": SETTING,
    "ir_act_window": SETTING,
    "ir_actions_server_history": SETTING,
    "ir_config_parameter": SETTING,
    "ir_cron": SETTING,
    "ir_default": SETTING,
    "ir_embedded_actions": SETTING,
    "ir_exports": SETTING,
    "ir_filters": SETTING,
    "ir_logging": TECHNICAL,
    "ir_model_data": TECHNICAL,
    "ir_profile": TECHNICAL,
    "ir_ui_menu": SETTING,
    "ir_ui_view_custom": SETTING,
    "link_tracker": SETTING,
    "mail_activity_plan": SETTING,
    "mail_activity_plan_template": SETTING,
    "mail_activity_schedule": DIALOGUE,
    "mail_activity_type": SETTING,
    "mail_alias": SETTING,
    "mail_blacklist_remove": DIALOGUE,
    "mail_canned_response": SETTING,
    "mail_compose_message": DIALOGUE,
    "mail_followers_edit": DIALOGUE,
    "mail_link_preview": COPY,
    "mail_mail": COPY,
    "mail_message_schedule": COPY,
    "mail_message_translation": COPY,
    "mail_push": COPY,
    "mail_template": SETTING,
    "mail_tracking_value": COPY,
    "mailing_contact_import": DIALOGUE,
    "mailing_filter": SETTING,
    "mailing_mailing": SETTING,
    "mailing_mailing_test": DIALOGUE,
    "mailing_sms_test": DIALOGUE,
    "phone_blacklist_remove": DIALOGUE,
    "portal_share": DIALOGUE,
    "portal_wizard": DIALOGUE,
    "portal_wizard_user": DIALOGUE,
    "privacy_lookup_wizard": DIALOGUE,
    "privacy_lookup_wizard_line": DIALOGUE,
    "product_attribute_custom_value": COPY,
    "product_pricelist": SETTING,
    "res_partner_category": SETTING,  # told with the contact that has the tag
    "resource_calendar_leaves": SETTING,
    "sale_order_line": COPY,
    "sessions": "opens her account",
    "sms_composer": DIALOGUE,
    "sms_template": SETTING,
    "utm_campaign": SETTING,
    "utm_source": SETTING,
}
# of what she is told in part: rows of others that name her
OF_OTHERS = {
    "calendar_event": "id NOT IN (SELECT event_id FROM calendar_attendee WHERE partner_id = ANY(%(partners)s))",
    "crm_call": "lead_id = ANY(%(others)s) OR number_sanitized IS NULL",
    "crm_lead": "id = ANY(%(others)s)",
    "crm_lead_inbox": "lead_id IS NULL AND partner_id IS NULL",
    "crm_lead_user": "lead_id = ANY(%(others)s)",
    "crm_note": "NOT partner_id = ANY(%(partners)s)",
    "crm_ticket": "NOT partner_id = ANY(%(partners)s)",
    "discuss_channel_member": "NOT partner_id = ANY(%(partners)s)",
    "ir_attachment": "res_id IS NULL OR res_model = 'crm.lead' AND res_id = ANY(%(others)s)",
    "mail_activity": "res_model = 'crm.lead' AND res_id = ANY(%(others)s)",
    "mail_message": """
        (author_id IS NULL OR NOT author_id = ANY(%(partners)s))
        AND (model IS NULL OR model = 'crm.lead' AND res_id = ANY(%(others)s) OR model = 'discuss.channel')
        AND id NOT IN (SELECT mail_message_id FROM mail_notification WHERE res_partner_id = ANY(%(partners)s))
    """,
    "mail_notification": "res_partner_id IS NULL OR NOT res_partner_id = ANY(%(partners)s)",
    "res_partner": "parent_id = ANY(%(partners)s) AND type = 'contact'",  # is a person of their own
}
HER_WORDS = (
    PERSON.name, PERSON.former, PERSON.email, PERSON.other_email, PERSON.website, PERSON.mobile, PERSON.landline,
    PERSON.street, PERSON.other_street, PERSON.zip, PERSON.vat, PERSON.ref, PERSON.function, "14 maart 1979",
)  # fmt: skip
COLUMNS_WITH_SECRETS = {
    "res_users": ("password", "totp_secret"),
    "res_users_apikeys": ("key", "index"),
    "auth_totp_device": ("key", "index"),
    "res_device_log": ("session_identifier",),
    "calendar_attendee": ("access_token",),
    "crm_ticket": ("access_token",),
    "sale_order": ("access_token",),
    "account_move": ("access_token",),
    "mail_push_device": ("endpoint",),
    "payment_token": ("provider_ref",),
    "crm_sms_recipient": ("uuid",),
    "ir_attachment": ("access_token",),
    "crm_lead_inbox": ("content_hash",),
}


class Archive:
    """What she gets."""

    def __init__(self, env, planted):
        from odoo.addons.crm_gdpr.access.export import Export

        self.env = env
        self.her = env["res.partner"].browse(planted.ids["partner"])
        self.ours = env["ir.attachment"].search_count([])
        file = io.BytesIO()
        self.counts = Export(env, self.her, "en_US").write(file)
        self.zip = zipfile.ZipFile(file)
        self.names = self.zip.namelist()
        self.files = {name: self.zip.read(name) for name in self.names if name.startswith("files/")}
        self.texts = {name: self.zip.read(name).decode() for name in self.names if name not in self.files}
        self.told = "\n".join(self.texts.values())
        self.data = json.loads(self.texts["data.json"])
        self.rows = defaultdict(set)
        for part in self.data["models"]:
            self.rows[env[part["model"]]._table] |= {record["id"] for record in part["records"]}
        self.rows["ir_attachment"] = {int(name.partition("/")[2].partition("-")[0]) for name in self.files}

    def records(self, model):
        return {record["id"]: record for part in self.data["models"] if part["model"] == model
                for record in part["records"]}  # fmt: skip

    def select(self, query, **values):
        self.env.cr.execute(query, values)
        return self.env.cr.fetchall()


@pytest.fixture(scope="module")
def archive(planted):
    with planted.company.env() as env:
        yield Archive(env, planted)


def _untold_rows(planted, archive):
    """The rows in which she was planted and that she is not told of, by table."""
    untold = defaultdict(set)
    for place, row in planted.places:
        table = place.partition(".")[0]
        if table != "file store" and not (row.isdigit() and int(row) in archive.rows[table]):
            untold[table].add(row)
    return untold


def test_she_is_told_of_every_place_where_she_stands_or_there_is_a_reason(planted, archive):
    untold = _untold_rows(planted, archive)
    assert sorted(untold.keys() - UNTOLD.keys() - OF_OTHERS.keys()) == []
    places = {place.partition(".")[0] for place, row in planted.places}
    assert len(places & {table for table, ids in archive.rows.items() if ids}) > 35


def test_what_she_is_not_told_of_is_somebody_elses(planted, archive):
    values = {"partners": archive.her.ids + archive.her.child_ids.ids, "others": planted.ids["other_lead"]}
    untold = _untold_rows(planted, archive)
    for table, condition in OF_OTHERS.items():
        rows = {int(row) for row in untold[table]}
        query = f"SELECT id FROM {table} WHERE id = ANY(%(ids)s) AND ({condition})"
        found = archive.select(query, ids=list(rows), **values)
        assert rows == {row_id for (row_id,) in found}, table


def test_all_that_identifies_her_is_in_it(archive):
    assert [word for word in HER_WORDS if word not in archive.told] == []
    assert PERSON.iban in archive.told.replace(" ", "")
    assert PERSON.photo in archive.files.values()


def test_her_files_are_in_it_and_those_of_others_are_not(archive):
    told = [("res.partner", "res_partner"), ("crm.lead", "crm_lead"), ("account.move", "account_move"),
            ("sale.order", "sale_order")]  # fmt: skip
    given = {hashlib.sha1(content).hexdigest() for content in archive.files.values()}
    for model, table in told:
        stored = archive.select(
            """
            SELECT name, checksum FROM ir_attachment
             WHERE res_model = %(model)s AND res_id = ANY(%(ids)s) AND store_fname IS NOT NULL
               AND (res_field IS NULL OR res_field IN ('image_1920', 'signature', 'invoice_pdf_report_file'))
            """,
            model=model,
            ids=list(archive.rows[table]),
        )
        assert stored, model
        assert [name for name, checksum in stored if checksum not in given] == []
    # the list of another customer's people; a mail of hers has that customer in copy
    others = [name for name, content in archive.files.items() if b"k@konex.example" in content]
    assert others == []
    assert any(content.startswith(b"%PDF") and "INV" in name for name, content in archive.files.items())


def test_orders_and_invoices_are_told_with_their_lines_and_amounts(archive):
    orders, moves = archive.records("sale.order"), archive.records("account.move")
    assert any(order["values"]["amount_total"] == {"amount": 200.0, "currency": "USD"} for order in orders.values())
    lines = [line for order in orders.values() for line in order["lines"]["order_line"]]
    assert any(line["price_total"]["amount"] == 200.0 for line in lines)
    posted = [move["values"] for move in moves.values() if move["values"]["move_type"]["value"] == "out_invoice"]
    assert {move["state"]["value"] for move in posted} >= {"posted", "draft"}
    assert archive.records("account.bank.statement.line"), "also a payment that nobody assigned"


def test_mailings_calls_and_what_came_in_are_told(archive):
    [trace, *_rest] = archive.records("mailing.trace").values()
    assert {"trace_status", "mass_mailing_id"} <= set(trace["values"])
    lists = archive.records("mailing.contact").values()
    assert any(line["opt_out"] for contact in lists for line in contact["lines"]["subscription_ids"])
    assert any("note" in call["values"] for call in archive.records("crm.call").values())
    sent = [inbox["values"].get("payload", "") for inbox in archive.records("crm.lead.inbox").values()]
    assert any(PERSON.email in payload for payload in sent)
    others = "sms.sms crm.sms.recipient phone.blacklist mail.blacklist link.tracker.click mail.guest"
    assert [model for model in others.split() if not archive.records(model)] == []


def test_nothing_of_bystanders_is_in_it(planted, archive):
    for table, ids in planted.bystanders.items():
        assert not archive.rows[table] & ids, table
    words = (NAMESAKE_EMAIL, NAMESAKE_PHONE, RELATIVE, "tomasz", "elders.example", "k@konex.example", "Konex Holding")
    assert [word for word in words if word in archive.told] == []
    notes = [record["values"].get("body", "") for record in archive.records("mail.message").values()
             if record["relation"] == "about"]  # fmt: skip
    for word in ("Bram", "Sanne", "Olga", "@company.example"):
        assert not [note for note in notes if word in note], word


def test_no_secret_is_in_it(archive):
    for table, columns in COLUMNS_WITH_SECRETS.items():
        for column in columns:
            rows = archive.select(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            leaked = [value for (value,) in rows if len(value) > 7 and value in archive.told]
            assert not leaked, (table, column)


def test_every_page_can_be_read_and_every_link_leads_somewhere(archive):
    for name, text in archive.texts.items():
        if name.endswith(".html"):
            tree = html.document_fromstring(text.encode())
            assert tree.findtext(".//h1").strip()
            folder = name.rpartition("/")[0]
            for link in tree.iterfind(".//a[@href]"):
                href = link.get("href")
                if not href.startswith("http"):
                    path = href.removeprefix("../") if href.startswith("../") else f"{folder}/{href}".strip("/")
                    assert path in archive.names, (name, href)
            assert not tree.findall(".//script")
            assert not [image for image in tree.iterfind(".//img") if "//" in image.get("src")]


def test_nothing_stays_behind(archive):
    assert archive.env["ir.attachment"].search_count([]) == archive.ours
