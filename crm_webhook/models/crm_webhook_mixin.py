import logging
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# What has the server do the whole transaction once more.
_CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
_KEY, _TOLD = "crm_webhook.changes", "crm_webhook.told"


class CrmWebhookMixin(models.AbstractModel):
    """For models that webhooks are told of.

    What a transaction changes is told once it is about to be committed, as one thing: the rows as they were in the
    database before its first change are compared with what they have become, whoever or whatever changed them. It is
    written in the same transaction, so that nothing is told that did not happen, and nothing that happened is not.
    """

    _name = "crm.webhook.mixin"
    _description = "Told to Webhooks"
    # columns that are sent, and what they are called there
    _webhook_columns = {}
    # events of this model, in words that begin with it
    _webhook_prefix = ""

    # ------------------------------------------------------------
    # What changes
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._webhook_is_told():
            self._webhook_changes().update(dict.fromkeys(records._ids))
        return records

    def _write_multi(self, vals_list):
        """The last step of every change that the ORM makes, computed fields included: the rows are as before still."""
        if self and self._webhook_is_told():
            columns = self._webhook_columns.keys()
            if any(not columns.isdisjoint(vals) for vals in vals_list):
                self._webhook_remember()
        super()._write_multi(vals_list)

    @api.model
    def _webhook_is_told(self):
        return any(event.startswith(self._webhook_prefix) for event in self.env["crm.webhook"]._subscribed_events())

    def _webhook_remember(self):
        changes = self._webhook_changes()
        new = [record_id for record_id in self._ids if record_id not in changes]
        if new:
            changes.update(self._webhook_read(new))

    @api.model
    def _webhook_changes(self):
        """``{id: values before, None of what was created}`` of this transaction."""
        precommit = self.env.cr.precommit
        changes = precommit.data.get(f"{_KEY}.{self._name}")
        if changes is None:
            changes = precommit.data[f"{_KEY}.{self._name}"] = {}
            # sudo: what is told does not depend on who changes it, nor on the screen it is changed on
            env = self.env(su=True, context={"active_test": False})
            precommit.add(self.with_env(env).browse()._webhook_tell)
        return changes

    @api.model
    def _webhook_read(self, ids):
        """The columns as they are in the database."""
        names = list(self._webhook_columns)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(SQL.identifier(name) for name in names),
                SQL.identifier(self._table),
                list(ids),
            )
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    # ------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------

    @api.model
    def _webhook_tell(self):
        """Write what webhooks are told of this transaction's changes."""
        before = self.env.cr.precommit.data.pop(f"{_KEY}.{self._name}", None) or {}
        self.env.flush_all()
        after = self._webhook_read(before)
        found = {record_id: self._webhook_events(before[record_id], after[record_id]) for record_id in sorted(after)}
        found = {record_id: events for record_id, events in found.items() if events}
        if found:
            changed = {record_id: self._webhook_changed(before[record_id], after[record_id]) for record_id in found}
            self._webhook_queue(found, changed, before)

    def _webhook_changed(self, before, after):
        """What differs, by the names that it has where it is sent."""
        if before is None:
            return []
        return sorted({name for column, name in self._webhook_columns.items() if before[column] != after[column]})

    @api.model
    def _webhook_events(self, before, after):
        """The events that a change is, the most particular ones first.

        :param before: ``{column: value}``, None of a record that was created
        :param after: the same
        :return: list
        """
        if before is None:
            return [f"{self._webhook_prefix}created"]
        return [f"{self._webhook_prefix}changed"] if before != after else []

    @api.model
    def _webhook_choose(self, webhook, events):
        """Those that a webhook is told: of a change the most particular one alone; a creation, and how it ended."""
        told = [event for event in events if webhook._is_told_of(event)]
        return told if events[0].endswith(".created") else told[:1]

    @api.model
    def _webhook_queue(self, found, changed, before):
        """Make the deliveries.

        :param dict found: events by id
        :param dict changed: what differs, by id
        :param dict before: the columns as they were, by id
        """
        contents = {}
        made = self.env["crm.webhook.delivery"]
        for webhook in self.env["crm.webhook"]._in_use():
            made += self._webhook_try(webhook, found, changed, before, contents)
        if made:
            made._wake()
        self.env.flush_all()

    @api.model
    def _webhook_try(self, webhook, found, changed, before, contents):
        """Make the deliveries of one webhook; where that fails nothing is told, and whoever saves does not notice."""
        told = dict(self._webhook_told())
        try:
            with self.env.cr.savepoint(flush=False):
                made = self._webhook_queue_for(webhook, found, changed, before, contents)
                self.env.flush_all()
        except _CONFLICTS:
            raise
        except Exception as error:  # noqa: BLE001  a filter fails by whatever it names
            # all that others did was written before
            self.env.transaction.clear()
            self._webhook_told().update(told)
            _logger.warning("Webhook %s: nothing is told: %s", webhook.id, error)
            webhook._note_problem(f"{type(error).__name__}: {error}")
            return self.env["crm.webhook.delivery"]
        webhook._note_problem(False)
        return made

    @api.model
    def _webhook_queue_for(self, webhook, found, changed, before, contents):
        lang = webhook._get_lang()
        vals_list = []
        for record in webhook._filter_concerned(self.browse(found)):
            for event in self._webhook_choose(webhook, found[record.id]):
                key = record.id, lang
                if key not in contents:
                    contents[key] = record.with_context(lang=lang)._webhook_content()
                extra = {"changed": changed[record.id], **record._webhook_previous(event, before[record.id], webhook)}
                row = self._webhook_find_told(webhook, record, event)
                if row:
                    row._webhook_merge(record, contents[key], extra)
                else:
                    vals_list.append(self._webhook_prepare(webhook, record, event, contents[key], extra))
        rows = self.env["crm.webhook.delivery"].create(vals_list)
        self._webhook_told().update({(row.webhook_id.id, row.res_model, row.res_id, row.event): row.id for row in rows})
        return rows

    @api.model
    def _webhook_prepare(self, webhook, record, event, content, extra):
        deliveries = self.env["crm.webhook.delivery"]
        uuid = str(uuid4())
        return {
            "webhook_id": webhook.id,
            "event": event,
            "res_model": self._name,
            "res_id": record.id,
            "company_id": record.company_id.id,
            "uuid": uuid,
            "payload": deliveries._as_text(deliveries._prepare_envelope(uuid, event, content, **extra)),
        }

    @api.model
    def _webhook_told(self):
        """What earlier parts of this very transaction told, ``{(webhook id, model, record id, event): delivery id}``.

        A savepoint ends a part, and with it what is kept until the commit.
        """
        now, cache = self.env.cr.now(), self.env.cr.cache
        if cache.get(_TOLD, (None,))[0] != now:  # of the transaction before
            cache[_TOLD] = now, {}
        return cache[_TOLD][1]

    @api.model
    def _webhook_find_told(self, webhook, record, event):
        """The delivery that says the same of the record, or that it was created, as far as this is no other event."""
        told = self._webhook_told()
        events = [event]
        if event == f"{self._webhook_prefix}changed":
            events.append(f"{self._webhook_prefix}created")
        ids = [told[key] for name in events if (key := (webhook.id, self._name, record.id, name)) in told]
        return self.env["crm.webhook.delivery"].browse(ids).exists()[:1] if ids else None

    # ------------------------------------------------------------
    # Content
    # ------------------------------------------------------------

    def _webhook_content(self):
        """What is sent of a record, for addons to extend."""
        self.ensure_one()
        raise NotImplementedError

    def _webhook_previous(self, event, before, webhook):
        """What an event tells besides of how it was before: a dict."""
        return {}

    @api.model
    def _webhook_link(self, record):
        return {"id": record.id, "name": record.display_name} if record else None

    @api.model
    def _webhook_user(self, user):
        return {"id": user.id, "name": user.name, "email": user.email or None} if user else None

    @api.model
    def _webhook_time(self, moment):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None

    @api.model
    def _webhook_date(self, day):
        return day.isoformat() if day else None
