"""The names of PostgreSQL's own types."""

from __future__ import annotations

from typing import Final

from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql.types import PGUuid

from .registry import ABSENT, Registration, line
from .standard import STRING, longer_than_labels

TABLE: Final = (
    line("postgresql.JSON", pg.JSON),
    line("postgresql.JSONB", pg.JSONB),
    line("postgresql.UUID", PGUuid),
    line("postgresql.ARRAY", pg.ARRAY, "item_type", dimensions=None),
)
