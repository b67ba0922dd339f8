"""Answering what a core has asked: with words, files or both."""

from collections.abc import Sequence
from uuid import UUID

from core_bridge.wire import FileRef, Reply
from inbox.acts import Act, Closed, entry_of, first_time, own_matter
from inbox.entries import enter, stamp
from inbox.matters import own_documents
from inbox.model.states import State, Turn
from inbox.outgoing import REPLY, Outgoing, plan_outgoing, submitted_by, written_by
from inbox.turns import Matter, restate
from inbox.uploads import Upload, keep
from inbox.write_message import send_letter
from portal import audit, notify
from portal.db import Transaction
from portal.files import Files


async def answer_task(
    tx: Transaction,
    act: Act,
    files: Files,
    matter_id: UUID,
    task_id: UUID,
    text: str,
    uploads: Sequence[Upload],
) -> None:
    """Answer a task; it is done when this commits. Raises `Closed`, `Repeated`."""
    matter = await own_matter(tx, act.actor, matter_id)
    await first_time(tx, act)
    task = await entry_of(tx, matter, "task", task_id)
    if task.done_at is not None:
        raise Closed
    kept = await keep(tx, files, act.actor, uploads, act.at)
    await stamp(tx, task.id, done_at=act.at)
    if task.core_id is None:
        # Ours, not the core's: a file of the application had a virus, and another goes by letter.
        again = f"Saadan uuesti faili „{task.content['name']}“."
        await send_letter(tx, act, matter, text or again, kept)
    else:
        await _reply(tx, act, matter, task.core_id, task.content["title"], text, kept)
    if matter.state == State.MESSAGE:
        await restate(tx, matter, act.at, turn=Turn.AUTHORITY)
    else:
        base = State.IN_PROCEEDING if matter.words.get("base") != State.SUBMITTED else None
        await restate(tx, matter, act.at, base=base)
    await audit.record(tx, act.actor, "task-answered", about=matter_id, at=act.at)
    await notify.plan_acted(tx, act.actor, about=matter_id, at=act.at)


async def _reply(
    tx: Transaction,
    act: Act,
    matter: Matter,
    core_task: str,
    title: str,
    text: str,
    kept: Sequence[FileRef],
) -> None:
    answer = {"title": title, "text": text, "author": written_by(act.actor)}
    await enter(tx, matter.id, "event", "replied", act.at, answer, entry_id=act.id)
    await own_documents(tx, matter.id, [(each.file_id, each.name) for each in kept], act.at, of_id=act.id)
    body = Reply(
        reply_id=act.id,
        task_id=core_task,
        submitted_by=submitted_by(act.actor),
        text=text or None,
        files=tuple(kept),
        sent_at=act.at,
    )
    await plan_outgoing(
        tx, act.actor, Outgoing(REPLY, matter.core, matter.id, act.id, body, files=kept), act.at
    )
