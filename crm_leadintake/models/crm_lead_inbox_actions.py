import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import desk
from ..tools import records as record_tools
from ..tools.problems import Problem
from ..tools.transactions import own_transaction
from .crm_intake_source import OFFICER

# As many as are processed while a person waits; the job takes more.
AT_ONCE = 500


class CrmLeadInbox(models.Model):
    """What a person does with what came in: correct it, have it processed again, reject it.

    Rows are read-only, also for those who may do this. They are changed in transactions of their own, by the
    superuser and after a check of who asks: only so does the pipeline see what other requests have just made.
    """

    _inherit = "crm.lead.inbox"

    def action_correct(self):
        """Open what breaks a rule, to be corrected: field by field of one row, value by value of several."""
        rows = self.filtered(lambda row: row.state == "failed" and not row.is_emptied)
        if not rows:
            raise UserError(self.env._("None of these wait to be corrected."))
        wizard = self.env["crm.lead.inbox.correct"].create({"row_ids": rows.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct"),
            "res_model": "crm.lead.inbox.correct",
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_process_again(self):
        """Try rows again that wait, for when what kept them is mended."""
        return self._tell(self._change("_queue_again"))

    def action_reject(self):
        """Decide that nothing is made of rows that wait."""
        rejected = self._change("_reject_by_hand")
        if not rejected:
            return self._tell(rejected)
        return self._notify(self.env._("%(count)s rejected.", count=len(rejected)), "info")

    def action_undo_reject(self):
        """Have rows wait again that were rejected, by hand or by a rule, and process those that break none."""
        return self._tell(self._change("_undo_reject"))

    def action_open_lead(self):
        """The lead that was made of it."""
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.env._("Lead"))

    # ------------------------------------------------------------
    # Changing rows
    # ------------------------------------------------------------

    def _change(self, method, *args):
        """Run one of the methods below, which return the ids of the rows that they changed.

        :raise AccessError: the user may not, or does not see one of the rows
        """
        self._check_officer()
        self.env.flush_all()
        with own_transaction(self.env.registry) as env:
            rows = self.with_env(env(user=self.env.uid, su=True, context=self.env.context))
            changed = getattr(rows, method)(*args)
        self.env.invalidate_all()
        return changed

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Correcting what came in needs the group Inbox of Lead Intake."))
        self.check_access("read")

    def _queue_again(self):
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox SET state = 'new', problems = NULL
                 WHERE id = ANY(%s) AND state IN ('new', 'failed') AND is_emptied IS NOT TRUE RETURNING id
                """,
                self.ids,
            )
        )
        return self._log_changed(self.env._("Processed again"))

    def _reject_by_hand(self):
        problem = json.dumps([Problem("", "by_hand").as_dict()])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox
                   SET state = 'rejected', problems = COALESCE(NULLIF(problems, 'null'), '[]') || %s::jsonb,
                       action = CASE WHEN lead_id IS NULL THEN 'rejected' ELSE action END
                 WHERE id = ANY(%s) AND state IN ('new', 'failed') RETURNING id
                """,
                problem,
                self.ids,
            )
        )
        return self._log_changed(self.env._("Rejected"))

    def _undo_reject(self):
        """What broke rules before it was rejected by hand goes back to be corrected.

        What was refused as a duplicate is looked for again: its lead may be lost by now.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox AS inbox
                   SET state = CASE WHEN before.problems IS NULL THEN 'new' ELSE 'failed' END,
                       problems = before.problems, action = NULLIF(action, 'rejected'),
                       lead_id = CASE WHEN action <> 'rejected' THEN lead_id END,
                       partner_id = CASE WHEN action <> 'rejected' THEN partner_id END
                  FROM (SELECT id, jsonb_agg(problem) FILTER (
                                   WHERE problem->>'rule' NOT IN ('by_hand', 'duplicate', 'spam', 'gone')) AS problems
                          FROM crm_lead_inbox LEFT JOIN jsonb_array_elements(
                               CASE jsonb_typeof(problems) WHEN 'array' THEN problems END) AS problem ON TRUE
                         WHERE id = ANY(%s) GROUP BY id) AS before
                 WHERE inbox.id = before.id AND state = 'rejected' AND is_emptied IS NOT TRUE RETURNING inbox.id
                """,
                self.ids,
            )
        )
        return self._log_changed(self.env._("No longer rejected"))

    def _log_changed(self, text):
        """Who did what with the rows of the last statement, without a word of their content."""
        ids = [row_id for (row_id,) in self.env.cr.fetchall()]
        self.browse(ids)._message_log_batch(bodies=dict.fromkeys(ids, text))
        return ids

    def _correct(self, make_values):
        """Give rows that wait corrected content; what makes the same content of the sender known stays as it was.

        :param make_values: takes a row's values and returns the new ones, and the names of those that changed
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT id, payload FROM crm_lead_inbox
                 WHERE id = ANY(%s) AND state = 'failed' AND is_emptied IS NOT TRUE ORDER BY id FOR NO KEY UPDATE
                """,
                self.ids,
            )
        )
        columns, bodies = [], {}
        for row_id, payload in self.env.cr.fetchall():
            values, names = make_values(json.loads(payload or "{}"))
            if names:
                columns.append({"id": row_id, "payload": self._check_values(values)})
                bodies[row_id] = self.env._("Corrected: %(fields)s", fields=", ".join(names))
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_inbox AS inbox
                   SET payload = new.payload, state = 'new', problems = NULL, content_at = now() AT TIME ZONE 'UTC'
                  FROM jsonb_to_recordset(%s::jsonb) AS new (id int, payload text) WHERE inbox.id = new.id
                """,
                json.dumps(columns, ensure_ascii=False),
            )
        )
        self.browse(bodies)._message_log_batch(bodies=bodies)
        return list(bodies)

    @api.model
    def _check_values(self, values):
        """What a person typed meets what every door asks of plain values.

        :raise UserError: it does not
        """
        try:
            external_id, values = record_tools.clean(values)
        except Problem as problem:
            raise UserError(self._describe_problem(problem.as_dict())) from problem
        if external_id:
            raise UserError(self.env._("The external ID stays as it came."))
        return record_tools.canonical(values)

    # ------------------------------------------------------------
    # Telling what came of it
    # ------------------------------------------------------------

    @api.model
    def _tell(self, row_ids, next_action=None):
        """Process rows, or have the job do so if they are many, and say what came of it."""
        if not row_ids:
            return self._notify(self.env._("There was nothing to do."), "warning", next_action)
        if len(row_ids) > AT_ONCE:
            with own_transaction(self.env.registry) as env:
                env.ref("crm_leadintake.ir_cron_crm_lead_inbox")._trigger()
            message = self.env._("%(count)s are processed in the background.", count=len(row_ids))
            return self._notify(message, "info", next_action)
        desk.process(self.env.registry, row_ids)
        return self._notify(*self._describe_outcome(row_ids), next_action)

    @api.model
    def _describe_outcome(self, row_ids):
        with own_transaction(self.env.registry) as env:
            rows = env["crm.lead.inbox"].browse(row_ids)
            counts = dict(rows._read_group([("id", "in", rows.ids)], ["state"], ["__count"]))
        labels = dict(self._fields["state"]._description_selection(self.env))
        text = ", ".join(f"{labels[state]}: {count}" for state, count in counts.items())
        return text, "warning" if counts.get("failed") else "success"

    @api.model
    def _notify(self, message, kind, next_action=None):
        self.env.invalidate_all()
        next_action = next_action or {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "next": next_action},
        }
