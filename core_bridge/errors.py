"""How talking to a core can fail.

* CoreError
  - CoreUnavailable   try again later
  - CoreRejected      the core understood and said no
    - Conflict        another body is already stored under this id
  - CoreBroken        the core broke the contract
"""


class CoreError(Exception):
    """Talking to a core failed; the words are for operators and hold no personal data."""


class CoreUnavailable(CoreError):
    """No answer, or "not now": the same bytes may be sent again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class CoreRejected(CoreError):
    """The core understood and said no; sending the same again will not help."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class Conflict(CoreRejected):
    """Another body is already stored under this id (409)."""


class CoreBroken(CoreError):
    """The answer is too big, or not what the contract says."""
