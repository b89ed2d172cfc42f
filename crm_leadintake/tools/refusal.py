"""Why a request as a whole is not taken; each door says it in its own words."""


class IntakeRefusal(Exception):
    """A request that is not taken.

    :param str reason: a key of :data:`REASONS`
    :param int retry_after: seconds after which it may succeed, for ``limit``
    :param str detail: what to do about it, in place of the standard sentence
    """

    def __init__(self, reason, retry_after=None, detail=None):
        self.reason = reason
        self.status, self.title, sentence = REASONS[reason]
        self.detail = detail or sentence
        self.retry_after = retry_after
        super().__init__(self.detail)


# reason: HTTP status, title, what to do
REASONS = {
    "malformed": (
        400,
        "Malformed request",
        "The request cannot be read. Send it as the documentation of this door says.",
    ),
    "key": (401, "Not authorised", "The key is missing, wrong, expired or withdrawn. Ask the company for a new one."),
    "address": (403, "Address not allowed", "This source is not used from this address. Ask the company to allow it."),
    "closed": (403, "Not open", "This source does not take leads this way. Ask the company to open it."),
    "unknown": (404, "Not found", "There is no lead of this source with this external id."),
    "path": (404, "Not found", "There is nothing at this address. See openapi.json for what there is."),
    "method": (405, "Method not allowed", "Use one of the methods that the header Allow names."),
    "size": (413, "Too large", "The request is too large. Send fewer or shorter leads at a time."),
    "media": (415, "Unsupported media type", "Send the request in the format of this door."),
    "reused": (
        422,
        "Idempotency key used again",
        "This Idempotency-Key came before with another request. Use a new one.",
    ),
    "limit": (429, "Too many requests", "The request limit of this source is reached. Send it again later."),
    "failed": (500, "Not taken", "Something went wrong here and nothing was taken. Send the same request again later."),
    "busy": (503, "Busy", "The database does not answer. Send the same request again in a moment."),
}
