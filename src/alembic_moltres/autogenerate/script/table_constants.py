"""Values that a script's tables repeat: one of several lines that occurs three times is a constant.

A mixin adds the same columns to every table, and one CHECK may be pages long.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator

from .formatting import INDENT, WIDTH, Bracketed, Written, lay_out

TIMES = 3
"""A value that occurs so often is a constant."""


class TableConstants:
    """The constants of a script's tables, and of the values that they repeat.

    Args:
        name: returns a free name for a value, like the given one.

    >>> from alembic_moltres.schema import TableSchema, column, sql
    >>> from .formatting import write
    >>> tables = TableConstants(lambda wanted: wanted)
    >>> at = column(
    ...     "at", "TIMESTAMP(timezone=True)", nullable=False, default=sql.now(), comment="x"
    ... )
    >>> for name in "ABC":
    ...     tables.add(name, write(TableSchema(name.lower(), [column("id", "INTEGER"), at])))
    >>> print(tables.text())
    at_column = column(
        "at",
        "TIMESTAMP(timezone=True)",
        nullable=False,
        default=sql.now(),
        comment="x",
    )
    A = TableSchema("a", [column("id", "INTEGER"), at_column])
    B = TableSchema("b", [column("id", "INTEGER"), at_column])
    C = TableSchema("c", [column("id", "INTEGER"), at_column])
    <BLANKLINE>
    """

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name
        self._tables: dict[str, Written] = {}
        self._texts: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._users: dict[str, list[str]] = {}
        self._values: dict[str, tuple[str, Bracketed]] = {}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def add(self, name: str, table: Written) -> None:
        """Add a table's value with the name of its constant."""
        self._tables[name] = table
        for node in _broken(table, 0):
            self._counts[node.flat] += 1
            self._users.setdefault(node.flat, []).append(name)
            if self._counts[node.flat] >= TIMES:
                if node.flat not in self._values:
                    self._values[node.flat] = (self._name(_wanted(node)), node)
                for user in self._users[node.flat]:
                    self._texts.pop(user, None)

    def text(self) -> str:
        """Return the lines of the constants, repeated values first."""
        names = {flat: name for flat, (name, _) in self._values.items()}
        tables = []
        for name, table in self._tables.items():
            if name not in self._texts:
                written = _replaced(table, names)
                self._texts[name] = lay_out(written, before=f"{name} = ") + "\n"
            tables.append(self._texts[name])
        used = "".join(tables)
        shared = [
            lay_out(node, before=f"{name} = ") + "\n"
            for name, node in self._values.values()
            if name in used  # one inside another is not used
        ]
        return "".join([*shared, *tables])


def _broken(written: Written, depth: int) -> Iterator[Bracketed]:
    """Yield the calls inside a table that do not fit on one line at their place."""
    if isinstance(written, str) or len(INDENT) * depth + len(written.flat) < WIDTH:
        return
    if depth and written.function and written.opening == f"{written.function}(":
        yield written
    for part in written.inside:
        yield from _broken(part, depth + 1)


def _replaced(written: Written, names: dict[str, str]) -> Written:
    if isinstance(written, str):
        return written
    if written.flat in names:
        return names[written.flat]
    inside = [_replaced(part, names) for part in written.inside]
    if all(new is old for new, old in zip(inside, written.inside, strict=True)):
        return written
    return Bracketed(written.opening, inside, written.closing, written.function)


def _wanted(node: Bracketed) -> str:
    """Return a name for a value: its own and its kind, as in `created_at_column`."""
    for part in node.inside:
        text = part if isinstance(part, str) else part.flat
        value = text.removeprefix("name=")
        if value is not text or node.function == "column":
            named = ast.literal_eval(value) if value[:1] in {'"', "'"} else ""
            if named:
                return f"{named}_{node.function}"
    return f"shared_{node.function}"
