"""What people do with Odoo's own CRM, done after our addons have gone."""

from odoo.exceptions import UserError

# Jobs that ask a service of Odoo S.A. for something: there is none here.
FAR_AWAY = ("module_update_notification", "iap", "enrich", "fetchmail", "partner_autocomplete", "currency_rate")


def use(env):
    """Sell something in Odoo's own way, open all of its screens, and run all jobs.

    :param env: the superuser's environment
    :raise Exception: whatever does not work
    """
    sell(env)
    open_screens(env)
    run_jobs(env)


def sell(env):
    """A lead becomes an opportunity and moves; one is won, one lost and taken up again, two are merged."""
    leads = env["crm.lead"].create(
        [
            {"name": f"After {number}", "type": "lead", "email_from": f"after{number}@else.example"}
            for number in range(4)
        ]
    )
    one, two, three, four = leads
    leads.convert_opportunity(env["res.partner"])
    assert all(lead.type == "opportunity" and lead.stage_id for lead in leads)
    of_team = [("team_ids", "=", False)]
    if "process_id" in env["crm.stage"]:  # our board is there still
        of_team = [("process_id", "=", one.team_id.process_id.id)]
    one.stage_id = env["crm.stage"].search([("is_won", "=", False), *of_team])[-1]
    assert one.action_set_won_rainbowman() is not None and one.won_status == "won"
    two.action_set_lost(lost_reason_id=env["crm.lost.reason"].search([], limit=1).id)
    assert (two.won_status, two.active) == ("lost", False)
    two.action_restore()
    assert (two.won_status, two.active) == ("pending", True)
    assert (three | four).merge_opportunity() and len((three | four).exists()) == 1
    one.activity_schedule("mail.mail_activity_data_todo", summary="Call")
    one.activity_ids.action_feedback("Called")
    one.copy()
    (one | two).unlink()
    env.flush_all()


def open_screens(env):
    """Ask for the views of every window that a menu of the administrator opens."""
    env = env(user=env.ref("base.user_admin"))
    for menu in env["ir.ui.menu"].browse(env["ir.ui.menu"]._visible_menu_ids()).filtered("action"):
        action = menu.action.sudo()
        if action._name != "ir.actions.act_window" or action.res_model not in env:
            continue
        views = [*action.views, (action.search_view_id.id, "search")]
        try:
            env[action.res_model].get_views(views, {"toolbar": True, "action_id": action.id})
        except UserError as error:
            raise AssertionError(f"{menu.complete_name} does not open: {error}") from error


def run_jobs(env):
    """Run every job that is switched on."""
    external = env["ir.cron"].search([]).get_external_id()
    for job in env["ir.cron"].search([], order="id"):
        if not any(word in external[job.id] for word in FAR_AWAY):
            job.ir_actions_server_id.with_context(lastcall=job.lastcall, cron_id=job.id).run()
            env.flush_all()
