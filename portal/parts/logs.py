"""How every process logs: JSON lines, with no personal data."""

import logging

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def log_as_json() -> None:
    """Write logs as JSON lines; a traceback shows no local variables, which may be personal."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
