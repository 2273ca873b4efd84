"""Refuses names that PostgreSQL would truncate to 63 bytes.

SQLAlchemy counts characters, and only those of tables, indexes and constraints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import OperationError
from ...schema import TableSchema, conv
from ...sqltext import POSTGRESQL, tokens
from .constraint_names import LIMIT

LONG = re.compile(rf"\w{{{LIMIT + 1}}}|\"[^\"]{{{LIMIT + 1}}}")


def refuse_long_names(text: str, subject: str) -> None:
    """Refuse a statement with a name of too many bytes.

    Raises:
        OperationError: the server would truncate the name, so it could not be found later.

    >>> refuse_long_names('DROP TABLE "' + "é" * 32 + '"', "the table")
    Traceback (most recent call last):
    alembic_moltres.errors.OperationError: the name 'éé...' has 64 bytes, and postgresql keeps 63
        (at the table); shorten it
    """
    if text.isascii() and LONG.search(text) is None:
        return
    for token in tokens(text, POSTGRESQL):
        if token.is_name:
            _refuse(token.value, subject)
        elif token.is_string and token.text.startswith("$"):
            refuse_long_names(token.value, subject)


def refuse_long_names_of(table: TableSchema) -> None:
    """Refuse a table of the models with a name of too many bytes.

    Raises:
        OperationError: the server would truncate the name.
    """
    for name in _names(table):
        if name is not None and _size(name) > LIMIT and not isinstance(name, conv):
            _refuse(name, f"the table {table.key!r}")


def _names(table: TableSchema) -> Iterator[str | None]:
    from .named_types import named_type

    yield table.name
    yield from (item.name for item in (*table.constraints, *table.indexes))
    for column in table.columns:
        yield column.name
        if column.sequence is not None:
            yield column.sequence.name
        for type_name in (column.type_name, *column.type_variants.values()):
            named = (
                named_type(type_name) if len(type_name) > LIMIT or not type_name.isascii() else None
            )
            if named is not None:
                yield str(named.kwargs["name"])


def _refuse(name: str, subject: str) -> None:
    size = _size(name)
    if size > LIMIT:
        raise OperationError(
            f"the name {name!r} has {size} bytes, and postgresql keeps {LIMIT} (at {subject}); "
            "shorten it",
            name,
        )


def _size(name: str) -> int:
    return len(name) if name.isascii() else len(name.encode(errors="surrogatepass"))
