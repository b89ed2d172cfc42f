"""The Sales Board of a company that has just got it."""


def states(life):
    """How many leads there are of each team and kind: ``{(team, type, won status, active): count}``."""
    with life.env() as env:
        groups = (
            env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([], ["team_id", "type", "won_status", "active"], ["__count"])
        )
        return {(team.id, *rest): count for team, *rest, count in groups}


def open_board(life):
    """Switch every team on, and see that each lead has its place on the board, by what had become of it."""
    with life.env() as env:
        process = env.ref("crm_salesboard.crm_process_standard")
        for team in env["crm.team"].with_context(active_test=False).search([]):
            team.switch_process(process)
    with life.env() as env:
        leads = env["crm.lead"].with_context(active_test=False).search([("team_id", "!=", False)])
        put_away = leads.filtered(lambda lead: not lead.active and lead.won_status == "pending")
        without = (leads - put_away).filtered(lambda lead: not lead.board_column_id)
        assert not without, f"{len(without)} of {len(leads)} leads are not on the board: {without[:5].read(['name'])}"
        kinds = {
            "won": leads.filtered(lambda lead: lead.won_status == "won"),
            "lost": leads.filtered(lambda lead: lead.won_status == "lost"),
        }
        assert set(kinds["won"].board_column_id.mapped("kind")) == {"order"}
        assert set(kinds["lost"].board_column_id.mapped("kind")) == {"lost"}
