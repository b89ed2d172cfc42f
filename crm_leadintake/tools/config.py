"""What a source is configured to, as plain values that need no database."""

from dataclasses import dataclass, field

# For tools.ormcache: what was read before a change was committed is not taken for what is there after it. A cache alone
# does not warrant that, as it is emptied when a change is made, and filled again by what comes until it is committed.
# A new field of leads is told by the number of the registry alone.
CONFIG_VERSION = "(self.env.registry.registry_sequence, self.env.registry.cache_sequences.get('default'))"


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """Read once per change from ``crm.intake.source``; see there for what each value means."""

    id: int
    company_id: int
    is_active: bool
    processing: str
    same_id: str
    window_hours: int
    unknown_fields: str
    duplicate_action: str
    duplicate_by: frozenset
    request_limit: int
    networks: tuple
    keep_owner: bool
    promotion: str
    rules: tuple = ()
    specs: dict = field(default_factory=dict)
    mapped: dict = field(default_factory=dict)
