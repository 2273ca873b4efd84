"""Alters the labels of an enum type with one DO block, the same online and offline.

`enum_labels.sql` looks up the dependents of the type and decides how to change it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..base.statement import RawDDL, Statement
from .do_block import do_block, filled, literal
from .short_ddl import short_alter_enum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...diff import AlterEnum

SMALL = 8 * 1024 * 1024
"""Tables of up to this many bytes are rewritten so that labels can be used before the commit."""


def alter_enum(change: AlterEnum) -> Statement:
    """Return the statement that changes the labels of an enum type.

    Labels are renamed first, with RENAME VALUE. If only additions remain, they are made with ADD
    VALUE, and the new labels cannot be used before the transaction ends (PostgreSQL's manual, ALTER
    TYPE); Alembic runs all revisions of one `upgrade` in one transaction unless
    `transaction_per_migration=True`. So the type is swapped for a new one of that name, whose
    labels can be used at once, where this is cheap: it was created in the same transaction, or the
    tables with its columns have at most `SMALL` bytes; and it has no dependents that a swap cannot
    restore. Labels that are removed or reordered always need the swap, as do labels that the same
    revision uses.

    The swap saves, drops and restores defaults, checks, indexes, exclude constraints, foreign keys
    and generated columns (which become the last ones of their tables). It refuses, with the
    database untouched, where a view, a function, a policy or the like depends on the type, and
    where rows hold a label that is removed.
    """
    before, after = change.types()
    schema = after.kwargs.get("schema")
    name = str(after.kwargs["name"])
    parameters = {
        "schema": "NULL" if schema is None else literal(str(schema)),
        "name": literal(name),
        "old": _array(before.args),
        "new": _array(after.args),
        "renamed": literal(json.dumps(dict(change.renamed), ensure_ascii=False)),
        "small": str(SMALL),
        "properties": filled("column_properties.sql", {}),
        "used": "true" if change.used else "false",
    }
    body = filled("enum_labels.sql", parameters)
    called = f"{schema!s}.{name}" if schema else name
    short = short_alter_enum(change, name, None if schema is None else str(schema))
    return Statement(RawDDL(do_block(body), short), f"the enum type {called!r}")


def _array(labels: Iterable[Any]) -> str:
    return f"ARRAY[{', '.join(literal(str(label)) for label in labels)}]::text[]"
