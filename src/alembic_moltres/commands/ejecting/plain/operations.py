"""The lines for an operation of this package, with its types and sequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .... import diff as changes
from ....datatypes import DataType
from ....diff.changes.domains import type_place
from ....history.catalogue.database import Catalogue
from ....operations import MoltresCreateTableOp, MoltresDropTableOp
from ....schema import Sequence, TableSchema
from ....schema.named_types import TypeKey
from .alter_table import alter_table
from .fallback import statements
from .named_types import (
    create_sequences,
    create_types,
    drop_sequences,
    drop_types,
    without_creating,
)
from .statements import (
    Lines,
    add_foreign_keys,
    create_table,
    drop_foreign_keys,
    drop_table,
    execute,
    rename_table,
    under_dialect,
)
from .writer import NoEquivalentError, Writer


def plain_lines(
    writer: Writer,
    operation: Any,
    before: Catalogue | None,
    after: Catalogue | None,
    *,
    target: str = "",
    maybe_created: Container[TypeKey] = (),
) -> Lines:
    """Return the calls of plain Alembic that do the same as an operation.

    Args:
        writer: of the script.
        operation: of this package.
        before: the tables before it; `None` if the line does not run on the dialect.
        after: the tables after it.
        target: the assignment before the call: `users = `.
        maybe_created: types that a run may have created before; SQLAlchemy creates them once.

    Raises:
        NoEquivalentError: plain Alembic cannot express it.
    """
    change = operation.change
    if isinstance(change, changes.RenameType):
        return raw_lines(writer, change)
    types = {} if before is None else dict(before.types)
    remaining = {} if after is None else dict(after.types)
    made = {key: each for key, each in remaining.items() if key not in types}
    dropped = [each for key, each in types.items() if key not in remaining]
    if isinstance(operation, MoltresCreateTableOp):  # creates the other types itself
        made = {key: each for key, each in made.items() if key in maybe_created}
    lines = create_types(writer, made.values())
    if isinstance(change, changes.AlterTable):
        tables = {} if before is None else dict(before.tables)
        generated = generated_names(before, change.key)
        return lines + alter_table(writer, change, tables, generated, dropped) or ["pass"]
    lines += _lines(writer, operation, before, {**types, **made}, target)
    if not isinstance(change, changes.AlterEnum):
        lines += drop_types(writer, dropped)
    return lines or ["pass"]


def _lines(
    writer: Writer,
    operation: Any,
    before: Catalogue | None,
    types: Mapping[TypeKey, Any],
    target: str,
) -> Lines:
    match operation.change:
        case changes.CreateTable(table=table):
            gently = bool(operation.if_not_exists)
            plain = without_creating(table, types, writer.dialect)
            created = create_table(writer, plain, if_not_exists=gently, before=target)
            return create_sequences(writer, _sequences(writer, table)) + created
        case changes.DropTable(table=table):
            gently = isinstance(operation, MoltresDropTableOp) and bool(operation.if_exists)
            dropped = drop_table(writer, table, if_exists=gently)
            return dropped + drop_sequences(writer, _sequences(writer, table))
        case changes.AddForeignKeys(table=table):
            return add_foreign_keys(writer, table)
        case changes.DropForeignKeys(table=table):
            return drop_foreign_keys(
                writer, table, generated_names(before, (table.schema, table.name))
            )
        case changes.RenameTable(current=current, desired=desired, schema=schema):
            return rename_table(writer, current, desired, schema)
        case changes.CreateType() | changes.DropType():
            return []  # made or gone, as any table's
        case changes.CreateSequence(sequence=each):
            return create_sequences(writer, _created(writer, [each]))
        case changes.DropSequence(sequence=each):
            return drop_sequences(writer, _created(writer, [each]))
        case changes.AlterEnum(current=current, desired=desired) as change:
            return add_labels(writer, DataType.parse(current), DataType.parse(desired), change)
    return raw_lines(writer, operation.change)


def _sequences(writer: Writer, table: TableSchema) -> list[Any]:
    return _created(writer, [each.sequence for each in table.columns if each.sequence is not None])


def _created(writer: Writer, sequences: Iterable[Sequence]) -> list[Any]:
    """Return the sequences that exist on the dialect."""
    if not writer.dialect.supports_sequences:
        return []
    return [each for each in sequences if not each.optional]


def generated_names(before: Catalogue | None, key: Any) -> dict[object, str]:
    """Return the names that the database gave to a table's unnamed constraints.

    A replay states those that depend on other names (`t_id_check1`): a change does not.
    """
    table = None if before is None else before.tables.get((key[0], str(key[1])))
    if before is None or table is None:
        return {}
    stated = [(replace(each, name=None), each.name) for each in table.constraints if each.name]
    contents = Counter(each for each, _ in stated)
    names: dict[object, str] = {e: str(name) for e, name in stated if contents[e] == 1}
    for each in table.constraints:
        name = None if each.name else before.name_of(table, each)
        if name is not None:
            names[each] = name
    return names


def add_labels(writer: Writer, current: DataType, desired: DataType, change: Any) -> Lines:
    """Return the lines that add labels to an enum type; any other change is our own SQL."""
    kept = [each for each in desired.args if each in current.args]
    swaps = change.renamed or (change.used and writer.in_callers_transaction)
    if swaps or kept != list(current.args) or not raw(writer, change):
        return raw_lines(writer, change)
    name = _type_name(writer, desired)
    lines: list[str] = []
    for at, label in enumerate(desired.args):
        if label in current.args:
            continue
        neighbour = desired.args[at - 1] if at else current.args[0]
        where = f"{'AFTER' if at else 'BEFORE'} '{_label(neighbour)}'"
        sql = f"ALTER TYPE {name} ADD VALUE '{_label(label)}' {where}"
        lines += execute(writer, sql)
    if not writer.in_callers_transaction:
        block = f"with {writer.op}.get_context().autocommit_block():"
        lines = [block, *(f"    {line}" for line in lines)]
    return under_dialect(writer, lines)


def _type_name(writer: Writer, type_: DataType) -> str:
    quote = writer.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(str(each)) for each in type_place(type_) if each)


def _label(label: object) -> str:
    return str(label).replace("'", "''")


def raw(writer: Writer, change: Any) -> list[str]:
    """Return our own statements for a change.

    Raises:
        NoEquivalentError: they depend on the contents of the database.
    """
    texts = statements(change, writer.dialect)
    if texts is None:
        raise NoEquivalentError(f"{change!r} has no equivalent", change)
    return texts


def raw_lines(writer: Writer, change: Any, otherwise: Lines | None = None) -> Lines:
    """Return our own statements for a change, on the dialect only."""
    lines = [line for sql in raw(writer, change) for line in execute(writer, sql)]
    if not lines:
        return otherwise or ["pass"]
    return under_dialect(writer, lines, otherwise or [])
