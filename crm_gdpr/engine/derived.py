"""What the ORM computes from other fields of a contact or lead, computed again when these are rewritten."""

from collections import defaultdict


class Derived:
    """Values that are to be computed again, at the end of a run: they may come from another record that changes."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.stored = defaultdict(dict)

    def remember(self, model, rows):
        """Note what stands in the table: ``{row id: values}``."""
        names = self.run.policy.get_derived(model)
        if names:
            self.stored[model].update(
                {row_id: {name: values[name] for name in names} for row_id, values in rows.items()}
            )

    def recompute(self):
        """Write what differs, and by SQL: the ORM would note who wrote it and when, and compute more from it."""
        if not self.stored:
            return
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        records = {model: self._mark(model, rows) for model, rows in self.stored.items()}
        changes = {model: self._get_changes(model, records[model]) for model in records}
        # what was computed waits for the ORM to write it
        self.env.transaction.clear()
        for model, rows in changes.items():
            self.run.write(model, rows)

    def _mark(self, model, rows):
        # the engine's environment is a superuser's: what is computed does not depend on who may read what
        records = self.env[model].with_context(tracking_disable=True).browse(rows).exists()
        for name in self.run.policy.get_derived(model):
            self.env.add_to_compute(records._fields[name], records)
        return records

    def _get_changes(self, model, records):
        changes = {}
        for record in records:
            for name, stored in self.stored[model][record.id].items():
                value = record._fields[name].convert_to_column(record[name], record)
                if value != stored:
                    changes.setdefault(record.id, {})[name] = value
        return changes
