"""The names of SQLite's own types."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.dialects import sqlite

from ..sqla_compat import storage_format
from .registration import Registration, line, newer


def digits_only(type_: Any) -> str | None:
    """Return a storage format without separators: the only kind that DDL shows (`DATE_CHAR`)."""
    text_affinity: bool = type_.format_is_text_affinity
    return None if text_affinity else storage_format(type_)


_FORMAT: Final = {"storage_format": None}
_STAMP: Final = {"storage_format": None, "timezone": False}
_READ: Final = {"storage_format": digits_only}

TABLE: Final = (
    Registration("sqlite.DATE", sqlite.DATE, (), _FORMAT, read=_READ),
    Registration("sqlite.DATETIME", sqlite.DATETIME, (), _STAMP, read=_READ),
    line("sqlite.JSON", sqlite.JSON),
    line("sqlite.JSONB", newer("sqlalchemy.dialects.sqlite", "JSONB")),
    Registration("sqlite.TIME", sqlite.TIME, (), _STAMP, read=_READ),
)
