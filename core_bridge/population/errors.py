"""How asking the population register can fail.

* RegisterError
  - RegisterUnavailable   no answer, or "not now"
  - RegisterRejected      it understood and said no: our name, our reason or our question is wrong
  - RegisterBroken        the answer is not what the register promises
"""


class RegisterError(Exception):
    """The register did not tell; the words are for operators and hold no personal data."""


class RegisterUnavailable(RegisterError):
    """No answer in time, or 5xx: asking again later may help."""


class RegisterRejected(RegisterError):
    """The register, or X-tee before it, refused the question (4xx)."""


class RegisterBroken(RegisterError):
    """The answer cannot be read, or is about somebody else."""
