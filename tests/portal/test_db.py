"""Storage, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from portal.access.parties import PartyRow, party, party_id_of, party_of
from portal.db import Database, new_id
from portal.identity import Party
from tests.factories import person

pytestmark = pytest.mark.anyio


async def test_a_party_is_found_by_the_index_of_its_code(database: Database) -> None:
    someone = person()
    async with database.write() as tx:
        made = await party_of(tx, someone.code, someone.name)
    async with database.read() as session:
        assert await party_id_of(session, someone.code) == made
        assert await party(session, made) == Party(made, someone.code, someone.name)
