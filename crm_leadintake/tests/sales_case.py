from .common import IntakeCase


class SalesCase(IntakeCase):
    """A source with a team: its leader and three salespeople, of whom each gets mail, and an accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # that users are made is not what is looked at
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.leader = cls._make_user("intake_leader", "sales_team.group_sale_manager")
        cls.sales = [cls._make_user(f"intake_sales_{number}", "sales_team.group_sale_salesman") for number in range(3)]
        cls.accountant = cls._make_user("intake_accountant", "base.group_user")
        cls.people = cls.env["res.users"].union(*cls.sales)
        cls.team = cls.env["crm.team"].create({"name": "Partners", "user_id": cls.leader.id})
        cls.team.member_ids = cls.people
        cls.source.team_id = cls.team
        # so that leads are leads
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("crm.group_use_lead")

    @classmethod
    def _make_user(cls, login, group):
        user = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "email": f"{login}@example.com",
                    "notification_type": "email",
                    "group_ids": [(6, 0, cls.env.ref(group).ids)],
                }
            )
        )
        return user.with_env(cls.env)

    @classmethod
    def _make_rule(cls, **values):
        defaults = {"name": "Rule", "source_id": cls.source.id, "target": "turns"}
        if not values.get("user_id") and values.get("target", "turns") == "turns":
            defaults["user_ids"] = [(6, 0, cls.people.ids)]
        return cls.env["crm.intake.rule"].create({**defaults, **values})

    def _send(self, count=1, **values):
        """Hand in leads of different people, and return them."""
        before = self._leads()
        prefix = len(before)
        self._submit([{"email": f"p{prefix + i}@other.example", **values} for i in range(count)])
        return self._leads() - before

    def _mails_to(self, user):
        """The notifications that a user got by mail or in the inbox."""
        notifications = self.env["mail.notification"].search([("res_partner_id", "=", user.partner_id.id)])
        return notifications.mail_message_id.filtered(lambda message: message.model != "crm.intake.source")
