"""Applicants: the application is about the person alone."""

from ..engine.treatments import EMPTY, SCRUB
from .base import Handler


class HrApplicant(Handler):
    model = "hr.applicant"
    own_links = ("partner_id",)
    fields = dict.fromkeys(
        ("partner_name", "email_from", "email_normalized", "partner_phone", "partner_phone_sanitized",
         "linkedin_profile", "applicant_notes", "salary_expected_extra", "salary_proposed_extra"),
        (EMPTY, SCRUB),
    )  # fmt: skip
