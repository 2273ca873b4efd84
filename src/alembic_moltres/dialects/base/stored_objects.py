"""`StoredObject`: a view, a function, a trigger, a type, a sequence, an extension, ..."""

from __future__ import annotations

from dataclasses import dataclass

from ...schema.names import qualified_name


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of a database other than a table or a part of one.

    Attributes:
        kind: in lower case, such as `view`.
        name: its name.
        schema: its schema; `None` for the default one.
        table: the table of a trigger.
        definition: its text, as the database returns it.
        is_used: whether a column uses it; only types, sequences and extensions are used.

    >>> print(StoredObject("trigger", "stamp", table="users"))
    trigger 'stamp' on 'users'
    """

    kind: str
    name: str
    schema: str | None = None
    table: str | None = None
    definition: str = ""
    is_used: bool = False

    def __str__(self) -> str:
        key = qualified_name(self.name, self.schema)
        return f"{self.kind} {key!r}" + (f" on {self.table!r}" if self.table else "")
