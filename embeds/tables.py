"""The table of embeds: counts, and nothing of whoever was counted."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class EmbedCountRow(Base):
    """How often an entry was seen or used on a day; `service` is empty for what is about no service."""

    __tablename__ = "embed_count"
    day: Mapped[date] = mapped_column(primary_key=True)
    authority_code: Mapped[str] = mapped_column(String(10), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    grade: Mapped[str] = mapped_column(String(10), primary_key=True)
    act: Mapped[str] = mapped_column(String(4), primary_key=True)
    count: Mapped[int]
