from odoo.tests import TransactionCase


class PrivacyCase(TransactionCase):
    """The cast: a privacy officer, and everybody else who has something to do with contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # that users are made is not what is looked at
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.officer = cls._make_user("privacy_officer", "crm_gdpr.group_privacy_officer")
        cls.manager = cls._make_user("privacy_manager", "sales_team.group_sale_manager")
        cls.system = cls._make_user("privacy_system", "base.group_system")
        cls.employee = cls._make_user("privacy_employee", "base.group_user")
        cls.portal = cls._make_user("privacy_portal", "base.group_portal")
        cls.others = (cls.manager, cls.system, cls.employee, cls.portal)

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
                    "group_ids": [(6, 0, cls.env.ref(group).ids)],
                    "company_ids": [(6, 0, cls.env["res.company"].search([]).ids)],
                }
            )
        )
        return user.with_env(cls.env)

    @classmethod
    def _make_contact(cls, name="Jane Doe", **values):
        return cls.env["res.partner"].create({"name": name, **values})
