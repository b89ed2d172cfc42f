"""Names that `gdpr_plant` gives and `gdpr_run` looks for."""

PARAMETER = "bench.gdpr"
OFFICER = "officer"
