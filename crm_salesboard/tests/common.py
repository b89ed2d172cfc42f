from odoo.tests import TransactionCase


class SalesBoardCase(TransactionCase):
    """The cast: a manager, two salespeople who see their own projects, one who sees all, and an outsider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, mail_create_nosubscribe=True))
        # A Standard of its own: the teams of the demo data sell by the one that comes with the addon.
        cls.standard = cls.env.ref("crm_salesboard.crm_process_standard")
        cls.process = cls.standard.copy({"name": "Standard"})
        cls.prospect, cls.offer = cls.process.status_ids
        cls.order = cls.process.won_stage_id
        cls.manager = cls._make_user("cast_manager", "sales_team.group_sale_manager")
        cls.sales = cls._make_user("cast_sales", "sales_team.group_sale_salesman")
        cls.other = cls._make_user("cast_other", "sales_team.group_sale_salesman")
        cls.all_leads = cls._make_user("cast_all", "sales_team.group_sale_salesman_all_leads")
        cls.outsider = cls._make_user("cast_outsider", "base.group_user")
        cls.team = cls.env["crm.team"].create({"name": "Hardware", "process_id": cls.process.id})
        cls.team.member_ids = cls.manager | cls.sales | cls.other
        cls.native_team = cls.env["crm.team"].create({"name": "Native"})
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too slow"})
        cls.cancel_reason = cls.env["crm.lost.reason"].create({"name": "Stopped", "outcome": "cancelled"})
        cls.partner = cls.env["res.partner"].create({"name": "Konex", "is_company": True})

    @classmethod
    def _make_user(cls, login, group):
        groups = cls.env.ref("base.group_user") | cls.env.ref(group)
        # to make an invitation by e-mail takes longer than all the rest
        users = cls.env["res.users"].with_context(no_reset_password=True)
        user = users.create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.com",
                "tz": "UTC",
                "group_ids": [(6, 0, groups.ids)],
            }
        )
        return user.with_env(cls.env)

    @classmethod
    def _column(cls, kind, stage=None, process=None):
        columns = (process or cls.process).column_ids
        return columns.filtered(lambda column: column.kind == kind and (not stage or column.stage_id == stage))

    @classmethod
    def _make_lead(cls, **values):
        defaults = {
            "name": "GTX Pro fleet",
            "type": "opportunity",
            "partner_id": cls.partner.id,
            "team_id": cls.team.id,
            "user_id": cls.sales.id,
            "expected_revenue": 1000,
        }
        return cls.env["crm.lead"].create({**defaults, **values})

    @classmethod
    def _make_native_lead(cls, **values):
        return cls._make_lead(team_id=cls.native_team.id, user_id=cls.manager.id, **values)

    @classmethod
    def _close(cls, lead, kind, **values):
        if kind == "lost":
            values.setdefault("lost_reason_id", cls.reason.id)
        if kind == "cancelled":
            values.setdefault("cancel_reason_id", cls.cancel_reason.id)
        lead.write({"board_column_id": cls._column(kind).id, **values})
        return lead

    def _state(self, lead):
        """What a move may change, to compare before and after."""
        self.env.flush_all()
        lead.invalidate_recordset()
        return lead.read(
            [
                "type",
                "stage_id",
                "active",
                "won_status",
                "probability",
                "automated_probability",
                "date_closed",
                "lost_reason_id",
                "cancel_reason_id",
                "is_cancelled",
                "actual_revenue",
                "board_column_id",
                "board_date",
            ]
        )[0]
