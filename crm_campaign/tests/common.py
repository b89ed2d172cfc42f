import threading

from odoo import SUPERUSER_ID, Command, api

from odoo.addons.crm_letter.tests.common import LetterCase


class CampaignCase(LetterCase):
    """The cast of letters, with who makes campaigns: a marketing user who sells nothing, and the sales manager.

    Customers and leads have what each channel needs: an e-mail address, a number and a postal address.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home.email = "home@example.com"
        cls.marketing = cls._make_user("cast_marketing", "mass_mailing.group_mass_mailing_user")
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        (cls.marketing | cls.accountant).write({"company_ids": [Command.link(cls.home.id)], "company_id": cls.home.id})
        cls.away = cls.env["res.company"].create({"name": "Fleurs SARL", "country_id": cls.env.ref("base.fr").id})
        cls.stage = cls.env.ref("crm_campaign.utm_stage_planned")
        cls.campaign = cls._make_campaign()

    @classmethod
    def _make_campaign(cls, name="Spring Fair", **values):
        defaults = {
            "name": name,
            "title": name,
            "company_id": cls.home.id,
            "user_id": cls.manager.id,
            "stage_id": cls.stage.id,
        }
        return cls.env["utm.campaign"].create({**defaults, **values})

    @classmethod
    def _evaluate(cls, campaign):
        stage = cls.env.ref("crm_campaign.utm_stage_evaluated")
        campaign.write({"conclusion": "<p>Next year again.</p>", "stage_id": stage.id})

    @classmethod
    def _make_person(cls, number, name=None, **values):
        """A customer who can be reached on each channel, unlike any other number."""
        reach = {
            "email": f"person{number}@example.com",
            "phone": f"+49 151 {23000000 + number}",
            "street": f"Hauptstraße {number}",
            "company_id": False,
        }
        return cls._make_customer(name or f"Person {number}", **{**reach, **values})

    @classmethod
    def _make_people(cls, count, start=1000):
        return cls.env["res.partner"].union(*(cls._make_person(start + number) for number in range(count)))

    @classmethod
    def _make_contact(cls, number, **values):
        """A lead without a customer, who can be reached by e-mail, SMS and phone."""
        defaults = {
            "name": f"Enquiry {number}",
            "type": "lead",
            "partner_id": False,
            "contact_name": f"Contact {number}",
            "email_from": f"contact{number}@example.com",
            "phone": f"+49 152 {23000000 + number}",
            "company_id": cls.home.id,
            "team_id": False,
        }
        return cls._make_lead(**{**defaults, **values})

    @classmethod
    def _make_members(cls, records, campaign=None, **values):
        """Put customers or leads into a group as they are, without asking what speaks against it.

        :param records: ``res.partner`` or ``crm.lead``
        :return: ``crm.campaign.member`` in the same order
        """
        campaign = campaign or cls.campaign
        is_lead = records._name == "crm.lead"
        return cls.env["crm.campaign.member"].create(
            [
                {
                    "campaign_id": campaign.id,
                    "company_id": (campaign.company_id or cls.home).id,
                    "partner_id": record.partner_id.id if is_lead else record.id,
                    "lead_id": record.id if is_lead else False,
                    **values,
                }
                for record in records
            ]
        )

    @classmethod
    def _make_step(cls, channel="mail", campaign=None, **values):
        campaign = campaign or cls.campaign
        defaults = {
            "campaign_id": campaign.id,
            "company_id": (campaign.company_id or cls.home).id,
            "name": f"Step by {channel}",
            "channel": channel,
            "user_id": cls.manager.id,
        }
        if channel == "letter":
            defaults["letter_template_id"] = cls.template.id
        if channel in ("phone", "todo"):
            kind = "mail_activity_data_call" if channel == "phone" else "mail_activity_data_todo"
            defaults["activity_type_id"] = cls.env.ref(f"mail.{kind}").id
            defaults["user_ids"] = [Command.create({"user_id": cls.sales.id})]
        return cls.env["crm.campaign.step"].create({**defaults, **values})

    @classmethod
    def _make_dispatches(cls, step, members, **values):
        """Write members down in a step, as starting it does."""
        return (
            cls.env["crm.campaign.dispatch"]
            .sudo()
            .create(
                [
                    {
                        "step_id": step.id,
                        "member_id": member.id,
                        "campaign_id": step.campaign_id.id,
                        "channel": step.channel,
                        **values,
                    }
                    for member in members
                ]
            )
        )

    def _add(self, records, campaign=None, user=None):
        """Add customers or leads to a group as a user does, with the reasons.

        :return: all members of the campaign that are there then
        """
        campaign = self._as(user or self.manager, campaign or self.campaign)
        self.env["crm.campaign.member"].with_env(campaign.env)._add(campaign, records.with_env(campaign.env))
        self.env.invalidate_all()
        return self.env["crm.campaign.member"].search([("campaign_id", "=", campaign.id)])

    def _in_worker(self, model, method, expected=()):
        """Run a job in a transaction of its own, whose commits are kept and whose rest is lost, as in a worker."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cr = self.registry.cursor()
            try:
                getattr(api.Environment(cr, SUPERUSER_ID, {})[model], method)()
                cr.commit()
            except expected:
                cr.rollback()
            finally:
                cr.close()
        self.env.invalidate_all()

    @staticmethod
    def _at_once(*calls):
        """Call several at the same moment, each in a thread.

        :return: what each returned or raised, in the same order
        """
        answers = [None] * len(calls)
        gate = threading.Barrier(len(calls))

        def run(index, call):
            gate.wait()
            try:
                answers[index] = call()
            except Exception as error:  # noqa: BLE001  it is the answer
                answers[index] = error

        threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers
