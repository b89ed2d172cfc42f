"""Makes a record of any model of ours, and says what a user would make, change and read of it.

Values follow from the fields that a model cannot do without; below stands what they do not tell.
"""

import itertools

from odoo import fields
from odoo.fields import Domain
from odoo.models import MAGIC_COLUMNS

from odoo.addons.crm_webhook.tools.addresses import ALLOWED_PARAMETER

PLAIN = ("char", "text", "integer", "float", "boolean", "selection", "date", "datetime")
# Whoever may make their own here alone is refused one of a colleague's; elsewhere what one makes is one's own.
MADE_FOR_ONESELF = {"crm.call", "crm.lead", "crm.lead.contact", "crm.lead.user", "crm.ticket.prepare.line"}

# More than the mandatory fields: what a user would enter.
ENTERED = {
    "crm.call": lambda make, user: {
        "user_id": user.id,
        # what is about nobody is the business of who made it; accountants have the calls of customers
        "partner_id": make.partner().id if user != make.colleague else False,
    },
    "crm.campaign.dispatch": lambda make, user: make.call_to_make(user),
    "crm.campaign.member": lambda make, user: {"partner_id": make.partner().id},
    "crm.custom.field": lambda make, user: {"name": make.text(), "model": "crm.note"},
    "crm.gdpr.hold": lambda make, user: {"partner_id": make.partner().id},
    "crm.gdpr.kept": lambda make, user: {"partner_id": make.partner().id},
    "crm.gdpr.rule": lambda make, user: {"company_id": make.env.company.id},
    "crm.gdpr.touch.contacts": lambda make, user: {"partner_domain": "[]"},
    "crm.intake.mapping": lambda make, user: {"action": "note"},
    "crm.intake.rule": lambda make, user: {"target": "user", "user_id": make.colleague.id},
    "crm.lead": lambda make, user: {"name": make.text(), "type": "opportunity", "user_id": user.id},
    "crm.lead.contact": lambda make, user: {"name": make.text()},
    "crm.lead.user": lambda make, user: {"user_id": make.helper.id},
    "crm.note": lambda make, user: {"partner_id": make.partner().id, "text": "<p>Called</p>"},
    "crm.search.field": lambda make, user: {"field_id": make.searchable().id},
    "crm.team.process.switch": lambda make, user: {"team_ids": [[6, 0, make.team().ids]]},
    "crm.ticket": lambda make, user: (
        {"partner_id": user.partner_id.id} if user.share else {"user_id": user.id, "partner_id": make.partner().id}
    ),
    "crm.webhook": lambda make, user: {"url": "http://127.0.0.1:9009/", "on_project_won": True},
}
# What is no ordinary record, or none that anybody makes.
MADE = {
    "crm.gdpr.field": lambda make, user: make.personal_field(),
    "crm.gdpr.log": lambda make, user: make.env["crm.gdpr.log"]._append("scanned"),
    "crm.gdpr.log.head": lambda make, user: make.env["crm.gdpr.log.head"].search([]),
    "crm.gdpr.suppression": lambda make, user: make.suppression(),
    "crm.process.column": lambda make, user: make.record("crm.process", user).column_ids[0],
}
# What users change where it is no plain field.
CHANGED = {
    "crm.campaign.dispatch": lambda make: {"result_id": make.result_of_call().id},
    "crm.process.column": lambda make: {"activity_plan_id": False},
}


class Records:
    """Makes records for the users of a test.

    :param env: the superuser's environment
    :param colleague: whose records those of nobody in particular are
    :param helper: an employee without any of the roles
    """

    def __init__(self, env, colleague, helper):
        self.env, self.colleague, self.helper = env, colleague, helper
        self._numbers = itertools.count(1)
        env["ir.config_parameter"].set_param(ALLOWED_PARAMETER, "127.0.0.1")

    # --- what the test asks for ---------------------------------------------------------------

    def record(self, model, user):
        """Make a record that is the user's: made by them, in their name, of a project or customer of theirs."""
        if model in MADE:
            return MADE[model](self, user)
        record = self.env(user=user.id, su=True)[model].create(self.values(model, user)).with_env(self.env)
        record.flush_recordset()  # what is worked out of it is there before anything hangs on it
        return record

    def values(self, model, user):
        """Return what the user would send to make one, as it goes over RPC."""
        needed = {
            name: self._value(field, user) for name, field in self.env[model]._fields.items() if self._is_needed(field)
        }
        return {**needed, **ENTERED.get(model, lambda make, user: {})(self, user)}

    def change(self, record):
        """Return values to write that leave the record as it is, as they go over RPC."""
        if record._name in CHANGED:
            return CHANGED[record._name](self)
        for field in self._stored(record):
            if not field.readonly and field.type in PLAIN:
                value = record[field.name]
                return {field.name: field.to_string(value) if value and field.type in ("date", "datetime") else value}
        return {}

    def shown(self, record):
        """Return the name of a field that everybody may read who may read the record."""
        return next((field.name for field in self._stored(record) if field.column_type), "create_date")

    # --- fields -------------------------------------------------------------------------------

    def _stored(self, record):
        named = [record._fields[record._rec_name]] if record._rec_name else []
        every = [*named, *(field for field in record._fields.values() if field.required), *record._fields.values()]
        return [field for field in every if field.store and not field.groups and field.name not in MAGIC_COLUMNS]

    @staticmethod
    def _is_needed(field):
        is_given = field.default or field.compute or field.related
        return field.required and field.store and not is_given and field.name not in MAGIC_COLUMNS

    def _value(self, field, user):
        if field.type in ("many2one", "many2many"):
            related = self._related(field.comodel_name, user)
            return related.id if field.type == "many2one" else [[6, 0, related.ids]]
        return {
            "char": self.text,
            "text": self.text,
            "html": lambda: f"<p>{self.text()}</p>",
            "integer": lambda: 1,
            "float": lambda: 1.0,
            "boolean": lambda: True,
            "json": dict,
            "selection": lambda: field.get_values(self.env)[0],
            "date": lambda: fields.Date.to_string(fields.Date.today()),
            "datetime": lambda: fields.Datetime.to_string(fields.Datetime.now()),
        }[field.type]()

    def _related(self, model, user):
        return {
            "crm.custom.field": self.custom_field,
            "crm.stage": lambda: self.env["crm.stage"].search([], limit=1),
            "crm.team": self.team,
            "ir.model.fields": self.searchable,
            "mail.activity": lambda: self.partner().activity_schedule("mail.mail_activity_data_todo", user_id=user.id),
            "res.company": lambda: self.env.company,
            "res.partner": self.partner,
            "res.users": lambda: user,
            "utm.campaign": lambda: self.env["utm.campaign"].create({"title": self.text()}),
        }.get(model, lambda: self.record(model, user))()

    # --- records that these hang on -----------------------------------------------------------

    def text(self):
        """Return a text that no other record has."""
        return f"Rights {next(self._numbers)}"

    def partner(self):
        return self.env["res.partner"].create({"name": self.text(), "is_company": True})

    def team(self):
        return self.env["crm.team"].create({"name": self.text()})

    def searchable(self):
        """Return a field of customers that no search list has yet."""
        taken = self.env["crm.search.field"].with_context(active_test=False).search([]).field_id
        domain = Domain("model", "=", "res.partner") & Domain("ttype", "=", "char") & Domain("store", "=", True)
        return self.env["ir.model.fields"].search(domain & Domain("id", "not in", taken.ids), limit=1)

    def custom_field(self):
        """Return one that is there: making one makes a column."""
        return self.env["crm.custom.field"].with_context(active_test=False).search([], limit=1)

    def call_to_make(self, user):
        """Return values of a member in a running step of their own campaign, whom the user has to call."""
        step = self.record("crm.campaign.step", self.colleague)
        step.state = "running"
        values = {**self.values("crm.campaign.member", self.colleague), "campaign_id": step.campaign_id.id}
        member = self.env["crm.campaign.member"].create(values)
        activity = member.partner_id.activity_schedule("mail.mail_activity_data_call", user_id=user.id)
        links = {"step_id": step.id, "member_id": member.id, "campaign_id": step.campaign_id.id}
        return {**links, "channel": "phone", "state": "waiting", "user_id": user.id, "activity_id": activity.id}

    def result_of_call(self):
        return self.env["crm.choice"].search([("usage", "=", "campaign_result")], limit=1)

    def personal_field(self):
        self.env["crm.gdpr.field"]._complete()
        return self.env["crm.gdpr.field"].search([("strategy", "=", "empty")], limit=1)

    def suppression(self):
        suppressed = self.env["crm.gdpr.suppression"]
        suppressed._remember_objections([f"rights{next(self._numbers)}@example.com"])
        return suppressed.search([("is_objection", "=", True)], limit=1)
