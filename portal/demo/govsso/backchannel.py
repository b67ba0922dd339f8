"""Telling clients, from server to server, that a session has ended (OIDC Back-Channel Logout 1.0)."""

import logging
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

import anyio
from anyio.to_thread import run_sync

_LOG = logging.getLogger(__name__)
_TIMEOUT = 3.0


async def tell_all(messages: Sequence[tuple[str, str]]) -> None:
    """Post each logout token to its address, all at once; who does not answer is noted, not waited for."""
    async with anyio.create_task_group() as group:
        for uri, token in messages:
            if uri:
                group.start_soon(run_sync, _tell, uri, token)


def _tell(uri: str, token: str) -> None:
    to = urlsplit(uri)
    kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
    connection = kind(to.netloc, timeout=_TIMEOUT)
    try:
        connection.request(
            "POST",
            to.path or "/",
            urlencode({"logout_token": token}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        status = connection.getresponse().status
        if status not in (200, 204):
            _LOG.warning("back-channel logout to %s was answered %s", to.netloc, status)
    except (OSError, HTTPException) as error:
        _LOG.warning("back-channel logout to %s failed: %s", to.netloc, type(error).__name__)
    finally:
        connection.close()
