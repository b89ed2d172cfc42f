from odoo import fields, models

CHANNELS = [
    ("mail", "E-mail"),
    ("sms", "SMS"),
    ("letter", "Letter"),
    ("phone", "Phone Call"),
    ("todo", "To-Do"),
]


class CrmCampaignStep(models.Model):
    """One round of a campaign over one channel: a mailing, an SMS, a letter to all, calls or other to-dos.

    Starting it writes down whom it goes to (``crm.campaign.dispatch``), with those who cannot be reached and why; what
    follows goes over that list, so that nobody is addressed twice however often it is started, stopped or killed.
    """

    _name = "crm.campaign.step"
    _description = "Step of a Campaign"
    _order = "campaign_id, sequence, id"
    _check_company_auto = True

    campaign_id = fields.Many2one("utm.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    channel = fields.Selection(CHANNELS, required=True, default="mail")
    planned_on = fields.Datetime("Planned", help="Starts by itself then, once it was made ready. By hand, if empty.")
    planned_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="With whose rights it starts at the planned time."
    )
    audience = fields.Selection(
        [("all", "All members"), ("no_reaction", "Those who have not reacted"), ("reacted", "Those who have reacted")],
        required=True,
        default="all",
    )
    is_repeat = fields.Boolean(
        "Also Who Had One",
        help="Also members whom an earlier step of this campaign addressed on this channel: a reminder. Otherwise "
        "nobody is addressed twice on the same channel.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    stop_reason = fields.Char(readonly=True, copy=False)
    started_on = fields.Datetime("Started", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "Responsible", required=True, default=lambda self: self.env.user)
    # e-mail and SMS: the content is Odoo's mailing, which is edited there
    mailing_id = fields.Many2one(
        "mailing.mailing", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    # letter
    letter_template_id = fields.Many2one(
        "crm.letter.template", ondelete="restrict", check_company=True, index="btree_not_null"
    )
    letter_batch_id = fields.Many2one(
        "crm.letter.batch", "Letters", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    # phone and to-do
    activity_type_id = fields.Many2one("mail.activity.type", "Activity", ondelete="restrict")
    activity_summary = fields.Char("What Is To Be Done")
    activity_note = fields.Html("Notes for Whoever Does It", help="What to say in the call, for instance.")
    user_ids = fields.One2many("crm.campaign.step.user", "step_id", "Shared Out Over", copy=True)
    dispatch_ids = fields.One2many("crm.campaign.dispatch", "step_id", "Members", readonly=True)
