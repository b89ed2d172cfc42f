"""What a telephone system says of a call, checked before anything is looked up or kept."""

from datetime import datetime, timedelta, timezone

_FIRST_START = datetime(1970, 1, 1)
_CLOCK_DIFFERENCE = timedelta(days=1)
_MAX_DURATION = 7 * 24 * 3600
_RESULTS = ("answered", "missed", "busy", "voicemail")


class CallEntry:
    """One entry of a request: its values for ``crm.call``, what was left out, and what is wrong with it.

    :param env: for the language of the messages, and to tell web addresses from others
    :param call: what was sent, of any type
    """

    def __init__(self, env, call):
        self.env = env
        self.values = {}
        self.user = None
        self.call_id = None
        self.error = None
        self.warnings = []
        try:
            self._read(call)
        except ValueError as error:
            self.error = str(error)

    def set_user(self, user_id):
        """Say who made the call, or that nobody is known by that name."""
        if user_id:
            self.values["user_id"] = user_id
        else:
            self.warnings.append(
                self.env._("user %(user)s is unknown; the call is kept without a user.", user=self.user)
            )

    def answer(self, call, is_known):
        """What to tell the telephone system.

        :param call: the crm.call that was kept, none for an error
        :param bool is_known: whether it was in the log before this entry
        """
        answer = {"call_id": self.call_id}
        if self.error:
            return {**answer, "status": "error", "message": self.error}
        answer.update(status="updated" if is_known else "created", id=call.id, assigned=not call.is_unassigned)
        return {**answer, "warnings": self.warnings} if self.warnings else answer

    # ------------------------------------------------------------
    # Reading, each raising ValueError with what to do about it
    # ------------------------------------------------------------

    def _read(self, call):
        if not isinstance(call, dict):
            raise ValueError(self.env._("Give each call as a dictionary."))
        self._read_id(call.get("call_id"))
        for name, value in call.items():
            reader = getattr(self, f"_read_{name}", None) if name in _READ else None
            if reader and value not in (None, ""):
                reader(value)
            elif not reader and name != "call_id":
                self.warnings.append(self.env._("%(name)s is not known and was left out.", name=str(name)[:64]))

    def _read_id(self, value):
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value in (None, ""):
            raise ValueError(self.env._("call_id is missing: give the system's own id of the call."))
        self.call_id = self._text("call_id", value, 255)

    def _text(self, name, value, size):
        if not isinstance(value, str) or not value.strip():
            raise ValueError(self.env._("%(name)s has to be text.", name=name))
        if "\0" in value or len(value) > size:
            raise ValueError(
                self.env._("%(name)s has to be at most %(size)s characters, none of them NUL.", name=name, size=size)
            )
        return value.strip()

    def _read_direction(self, value):
        if value not in ("in", "out"):
            raise ValueError(self.env._("direction has to be in or out."))
        self.values["direction"] = value

    def _read_number(self, value):
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        self.values["number"] = self._text("number", value, 64)

    def _read_start(self, value):
        try:
            start = datetime.fromisoformat(value.replace("Z", "+00:00"))
            if start.tzinfo:
                start = start.astimezone(timezone.utc).replace(tzinfo=None)
        except (AttributeError, ValueError, OverflowError):
            raise ValueError(
                self.env._("start has to be a time such as 2026-03-31T14:05:00+02:00 or 2026-03-31 12:05:00 (UTC).")
            ) from None
        if not _FIRST_START <= start <= datetime.now(timezone.utc).replace(tzinfo=None) + _CLOCK_DIFFERENCE:
            raise ValueError(self.env._("start lies before 1970 or in the future."))
        self.values["start"] = start.replace(microsecond=0)

    def _read_duration(self, value):
        whole = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MAX_DURATION
        if not whole:
            raise ValueError(self.env._("duration has to be a number of seconds, of at most a week."))
        self.values["duration"] = round(value)

    def _read_user(self, value):
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        self.user = self._text("user", value, 255)

    def _read_result(self, value):
        if value not in _RESULTS:
            raise ValueError(self.env._("result has to be one of %(results)s.", results=", ".join(_RESULTS)))
        self.values["result"] = value

    def _read_recording_url(self, value):
        url = self._text("recording_url", value, 2048)
        if not self.env["crm.call"]._is_web_address(url):
            raise ValueError(self.env._("recording_url has to begin with https:// or http://."))
        self.values["recording_url"] = url

    def _read_note(self, value):
        self.values["note"] = self._text("note", value, 100_000)


_READ = ("direction", "number", "start", "duration", "user", "result", "recording_url", "note")
