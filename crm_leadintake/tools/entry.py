"""One record on its way through the pipeline."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Entry:
    """A row of the inbox, what was read of it, and what is decided about it.

    ``found`` are values for ``crm.lead`` by the field's name on the wire; ``lead_id`` is the lead that it has, found as
    a duplicate or made; ``partner_id`` and ``partner_user_id`` are the customer it belongs to and their salesperson;
    ``assignment`` is why ``user_id`` and ``team_id`` are what they are; ``action`` is a key of the inbox's field.
    """

    row_id: int
    found: dict
    problems: list
    warnings: list
    lead_id: int | None = None
    is_update: bool = False
    is_gone: bool = False
    partner_id: int | None = None
    partner_user_id: int | None = None
    keys: dict = field(default_factory=dict)
    user_id: int | None = None
    team_id: int | None = None
    assignment: dict | None = None
    action: str | None = None

    def reject(self, problem):
        """Decide that nothing is made of it."""
        self.problems = [problem]
        self.action = "rejected"
