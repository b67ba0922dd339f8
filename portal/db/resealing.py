"""Encrypting what is stored anew, when the keys are rotated."""

from sqlalchemy import Table, literal, select, tuple_, update

from portal.db.columns import Sealed
from portal.db.storage import Database


async def reseal(db: Database, table: Table, batch: int = 200) -> int:
    """Encrypt a table's sealed columns anew under the current key; gives the number of rows."""
    sealed = [column for column in table.columns if isinstance(column.type, Sealed)]
    keys = list(table.primary_key.columns)
    done, after = 0, None
    while sealed:
        async with db.write() as tx:
            page = select(*keys, *sealed).order_by(*keys).limit(batch).with_for_update()
            if after is not None:
                page = page.where(
                    tuple_(*keys)
                    > tuple_(*(literal(value, key.type) for value, key in zip(after, keys, strict=True)))
                )
            rows = (await tx.execute(page)).all()
            for row in rows:
                where = [key == value for key, value in zip(keys, row, strict=False)]
                fresh = dict(zip((column.name for column in sealed), row[len(keys) :], strict=True))
                await tx.execute(update(table).where(*where).values(**fresh))
        if not rows:
            break
        done, after = done + len(rows), tuple(rows[-1][: len(keys)])
    return done
