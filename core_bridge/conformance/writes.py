"""Checks of the writes: once, the same again, another body, broken bodies."""

import asyncio
from uuid import uuid4

from core_bridge.signing import content_digest
from core_bridge.wire import FILE_LIMIT, Answer, ApplicationReceived, freeze

from .bench import Bench, address, demand, must


async def same_again_is_harmless(bench: Bench) -> None:
    """First 201, the same again 200 with the same answer."""
    application_id = uuid4()
    body = freeze(bench.application(application_id))
    first = await bench.call("PUT", address(application_id), body)
    must(first, 201)
    received = ApplicationReceived.model_validate_json(first.content)
    demand(received.application_id == application_id, "the answer names another application")
    again = await bench.call("PUT", address(application_id), body)
    must(again, 200)
    demand(again.json() == first.json(), "the same again was answered differently")


async def another_body_is_refused(bench: Bench) -> None:
    """Another body under the same id is 409, and changes nothing."""
    application_id = uuid4()
    body = freeze(bench.application(application_id))
    must(await bench.call("PUT", address(application_id), body), 201)
    other = bench.application(application_id, answers=(Answer(id="other", label_et="Muu", value="muu"),))
    must(await bench.call("PUT", address(application_id), freeze(other)), 409)
    must(await bench.call("PUT", address(application_id), body), 200)


async def at_once_is_still_once(bench: Bench) -> None:
    """The same application eight times at once is 201 exactly once."""
    application_id = uuid4()
    body = freeze(bench.application(application_id))
    calls = (bench.call("PUT", address(application_id), body) for _ in range(8))
    answers = [answer.status_code for answer in await asyncio.gather(*calls)]
    demand(sorted(answers) == [200] * 7 + [201], f"answers were {sorted(answers)}")


async def file_is_kept_once(bench: Bench) -> None:
    """A file is 201, then 200; other bytes under its id are 409."""
    path, headers = f"/v1/files/{uuid4()}", {"Content-Type": "text/plain"}
    must(await bench.call("PUT", path, b"proov", headers=headers), 201)
    must(await bench.call("PUT", path, b"proov", headers=headers), 200)
    must(await bench.call("PUT", path, b"muu", headers=headers), 409)


async def file_must_match_its_digest(bench: Bench) -> None:
    """A file that is not what Content-Digest says is refused (RFC 9530), and so is one without it."""
    wrong = {"Content-Digest": content_digest(b"muu"), "Content-Type": "text/plain"}
    must(await bench.call("PUT", f"/v1/files/{uuid4()}", b"proov", headers=wrong), 400, 401)
    none = {"Content-Digest": "", "Content-Type": "text/plain"}
    must(await bench.call("PUT", f"/v1/files/{uuid4()}", b"proov", headers=none), 400)


async def garbage_is_refused(bench: Bench) -> None:
    """What is no application is 400, however it is broken."""
    for body in (b"", b"{", b"null", b"[]", b'{"applicationId": 7}', b"\xff\xfe\x00", b"[" * 5000):
        must(await bench.call("PUT", address(), body), 400)


async def another_id_is_refused(bench: Bench) -> None:
    """A body that names another id than its address is 400."""
    must(await bench.call("PUT", address(), freeze(bench.application(uuid4()))), 400)


async def too_big_is_refused(bench: Bench) -> None:
    """A file over 20 MiB is 413."""
    body = bytes(FILE_LIMIT + 1)
    answer = await bench.call("PUT", f"/v1/files/{uuid4()}", body, headers={"Content-Type": "text/plain"})
    must(answer, 413)


async def unknown_proceeding_is_told(bench: Bench) -> None:
    """A withdrawal from a proceeding that the core does not know is 404."""
    application = bench.application(uuid4())
    said = application.submitted_by.model_dump_json(by_alias=True, exclude_none=True)
    body = f'{{"submittedBy": {said}, "sentAt": "{bench.clock.now().isoformat()}"}}'.encode()
    must(await bench.call("PUT", f"/v1/proceedings/{uuid4()}/withdrawal", body), 404)
