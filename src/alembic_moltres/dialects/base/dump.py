"""The DDL of a whole database, written by the database's own tool."""

from __future__ import annotations

from typing import NamedTuple


class Dump(NamedTuple):
    """What a tool wrote.

    Attributes:
        statements: in no order that counts; empty on a database without a tool.
        missing: why there are none, although the database has a tool.
    """

    statements: tuple[str, ...] = ()
    missing: str = ""
