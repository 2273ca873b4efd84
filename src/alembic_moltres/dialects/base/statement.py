"""A statement to be executed, with what an error calls it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.schema import ExecutableDDLElement


class Statement(NamedTuple):
    """A statement, and what an error calls the thing that it makes or drops."""

    ddl: ExecutableDDLElement
    subject: str
