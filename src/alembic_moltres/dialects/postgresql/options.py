"""A table's options as actions of ALTER TABLE (PostgreSQL's manual, that page)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...diff.changes.alter_table import PREFIXES
from ...errors import OperationError

if TYPE_CHECKING:
    from ..base.ddl import DDLWriter

PREFIX = "postgresql_"


def option_actions(
    ddl: DDLWriter, current: Mapping[str, Any], desired: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the actions that set the options of this dialect which differ.

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
                yield f"SET TABLESPACE {ddl.preparer.quote(after or 'pg_default')}"
            case "using":
                yield f"SET ACCESS METHOD {ddl.preparer.quote(after or 'heap')}"
            case "inherits":
                yield from _parents(ddl, before, after)
            case _:
                raise OperationError(
                    f"postgresql cannot change the option {name!r} (at {ddl.of_table}); "
                    "create a new table and copy the rows",
                    name,
                )


def _is_unlogged(options: Mapping[str, Any]) -> bool:
    return "UNLOGGED" in {prefix.upper() for prefix in options.get(PREFIXES, ())}


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield the actions that set and reset the storage parameters that differ."""
    stated = ", ".join(
        f"{key} = {value}"
        for key, value in after.items()
        if value is not None and str(value).lower() != str(before.get(key)).lower()
    )
    gone = ", ".join(key for key in before if after.get(key) is None)
    if stated:
        yield f"SET ({stated})"
    if gone:
        yield f"RESET ({gone})"


def _parents(ddl: DDLWriter, before: Any, after: Any) -> Iterator[str]:
    old, new = ([item] if isinstance(item, str) else list(item or ()) for item in (before, after))
    yield from (f"NO INHERIT {ddl.preparer.quote(name)}" for name in old if name not in new)
    yield from (f"INHERIT {ddl.preparer.quote(name)}" for name in new if name not in old)
