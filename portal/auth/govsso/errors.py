"""How signing in can fail.

* SignInError
  - GovssoUnavailable   no answer, or none that makes sense: try again later
    - GovssoFailed      an answer of 5xx
  - GovssoRefused       an OAuth error: the code or the session is over
  - InvalidToken        a token that must not be believed
"""


class SignInError(Exception):
    """What can go wrong between the portal and GovSSO."""


class GovssoUnavailable(SignInError):
    """GovSSO does not answer, or answers nonsense; trying again may help."""


class GovssoFailed(GovssoUnavailable):
    """GovSSO answered that it failed itself."""


class GovssoRefused(SignInError):
    """GovSSO said no, with an error code of its own (`token_inactive`, `invalid_grant`, …)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvalidToken(SignInError):
    """A token is forged, for somebody else, out of date, or lacks what it must hold."""
