"""A table's options: their signatures, and the actions of ALTER TABLE (PostgreSQL's manual)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...errors import OperationError
from ...schema import TableSchema
from ...schema.tables import PREFIXES, inherits_of
from ..base.signatures import Text
from .indexes import DEFAULT_TABLESPACE, storage_signatures

if TYPE_CHECKING:
    from ..base.ddl import DDLWriter

PREFIX = "postgresql_"
HEAP = "heap"
UNLOGGED_TABLE = "UNLOGGED"


def option_signatures(table: TableSchema) -> dict[str, Text]:
    """Return the signatures of all options of a table, stated or not."""
    options = table.dialect_options
    tablespace = str(options.get("postgresql_tablespace") or "")
    partition_by = str(options.get("postgresql_partition_by") or "")
    prefixes = {prefix.upper() for prefix in table.prefixes}
    return {
        **storage_signatures(options),
        "postgresql_using": str(options.get("postgresql_using") or HEAP).lower(),
        "postgresql_tablespace": "" if tablespace == DEFAULT_TABLESPACE else tablespace,
        "postgresql_partition_by": partition_by.replace("%%", "%"),
        "postgresql_inherits": repr(inherits_of(table)),
        PREFIXES: UNLOGGED_TABLE if UNLOGGED_TABLE in prefixes else "",
    }


def stated_options(table: TableSchema) -> set[str]:
    """Return the options that a model states; the others keep the database's values."""
    stated = {key for key, content in table.dialect_options.items() if content is not None}
    return {*stated, *storage_signatures(table.dialect_options)} | (
        {PREFIXES} if table.prefixes else set()
    )


def option_actions(
    ddl: DDLWriter, current: Mapping[str, Any], desired: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the actions that set the differing options of this dialect.

    Raises:
        OperationError: PostgreSQL cannot change one of them.
    """
    names = dict.fromkeys(name for name in (*current, *desired) if name.startswith(PREFIX))
    if _is_unlogged(current) != _is_unlogged(desired):
        yield "SET UNLOGGED" if _is_unlogged(desired) else "SET LOGGED"
    for name in names:
        before, after = current.get(name), desired.get(name)
        if before == after:
            continue
        match name.removeprefix(PREFIX):
            case "with":
                yield from _parameters(before or {}, after or {})
            case "tablespace":
                yield f"SET TABLESPACE {ddl.preparer.quote(after or DEFAULT_TABLESPACE)}"
            case "using":
                yield f"SET ACCESS METHOD {ddl.preparer.quote(after or HEAP)}"
            case "inherits":
                yield from _parents(ddl, before, after)
            case _:
                raise OperationError(
                    f"postgresql cannot change the option {name!r} (at {ddl.of_table}); "
                    "create a new table and copy the rows",
                    name,
                )


def _is_unlogged(options: Mapping[str, Any]) -> bool:
    return UNLOGGED_TABLE in {prefix.upper() for prefix in options.get(PREFIXES, ())}


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield the actions that set and reset the storage parameters that differ."""
    stated = ", ".join(
        f"{key} = {value}"
        for key, value in after.items()
        if value is not None and str(value).lower() != str(before.get(key)).lower()
    )
    reset = ", ".join(key for key in before if after.get(key) is None)
    if stated:
        yield f"SET ({stated})"
    if reset:
        yield f"RESET ({reset})"


def _parents(ddl: DDLWriter, before: Any, after: Any) -> Iterator[str]:
    old, new = ([item] if isinstance(item, str) else list(item or ()) for item in (before, after))
    yield from (f"NO INHERIT {ddl.preparer.quote(name)}" for name in old if name not in new)
    yield from (f"INHERIT {ddl.preparer.quote(name)}" for name in new if name not in old)
