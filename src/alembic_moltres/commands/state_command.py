"""`alembic-moltres state`: the tables of a revision, from the scripts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..errors import HistoryError, UncertainError
from ..messages import did_you_mean, one_line
from .command import Command, argument
from .output.console import write, write_json_of_databases, write_table
from .uncertain import json_of_uncertain

if TYPE_CHECKING:
    from ..history.states import ReplayedDatabase
    from ..schema import TableSchema


def state(
    config: Config,
    revision: str = "heads",
    table: str | None = None,
    *,
    sql: bool = False,
    format: str = "text",
) -> None:
    """Show the tables of a revision, without a database.

    Args:
        config: the project's.
        revision: anything that `alembic upgrade` takes.
        table: one table, with its schema if it is not in the default one; all of them by default.
        sql: write the DDL that creates them instead.
        format: "text", "values" or "json".

    Raises:
        HistoryError: the scripts cannot be replayed, or there is no such table.
        UncertainError: a requested table is uncertain; the others have been written.
    """
    from ..history.states import replay_databases

    databases: list[ReplayedDatabase] = []
    replay_databases(config, revision, databases.append)
    shown = databases if table is None else _with_table(databases, table, revision)
    if format == "json" and not sql:
        _write_json(config, databases, table)
        return
    for each in shown:
        if each.name:
            write(config, f"-- {one_line(each.name)}")
        tables = _chosen(each, table)
        if sql:
            _write_sql(config, each, tables, alone=table is None)
        elif format == "values":
            _write_values(config, tables)
        else:
            _write_text(config, each, tables)
    _refuse_uncertain(databases, table, every=sql)


def _with_table(
    databases: Iterable[ReplayedDatabase], name: str, revision: str
) -> list[ReplayedDatabase]:
    """Return the databases that have a table.

    Raises:
        HistoryError: none has.
    """
    matches = [each for each in databases if name in each.state.tables]
    if not matches:
        names = {key for each in databases for key in each.state.tables}
        hint = did_you_mean(name, names) or "; 'state' without a table lists them"
        raise HistoryError(f"there is no table {name!r} (at {revision!r}){hint}", name)
    return matches


def _chosen(replayed: ReplayedDatabase, name: str | None) -> list[TableSchema]:
    """Return the tables to show."""
    return [each for each in replayed.state.certain if name is None or each.key == name]


def _write_text(config: Config, replayed: ReplayedDatabase, tables: list[TableSchema]) -> None:
    from .output.table_text import HEADINGS, notes, rows

    state = replayed.state
    if not (tables or state.types or state.sequences or state.uncertain):
        write(config, "no tables")
    for table in tables:
        write_table(config, table.key, HEADINGS, rows(table), notes(table))
        write(config)
    for name in replayed.state.types:
        write(config, one_line(f"type {name}"))
    for sequence in replayed.state.sequences:
        write(config, one_line(f"sequence {sequence.name}"))
    for each in replayed.state.uncertain:
        write(config, one_line(each))


def _write_values(config: Config, tables: list[TableSchema]) -> None:
    from ..autogenerate.script import formatting
    from ..autogenerate.script.head import camel_case

    for table in tables:
        write(
            config,
            formatting.lay_out(formatting.write(table), before=f"{camel_case(table.name)} = "),
        )
        write(config)


def _write_sql(
    config: Config, replayed: ReplayedDatabase, tables: list[TableSchema], *, alone: bool
) -> None:
    """Write the DDL of tables, and that of the types and sequences that none has if `alone`."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from ..dialects.base.registry import impl_of
    from ..diff import Change, CreateSequence, CreateType, diff
    from ..history.catalogue.foreign_key_indexes import with_named_indexes
    from ..operations.value_op import operation_of

    context = MigrationContext.configure(
        dialect_name=replayed.context.dialect.name,
        opts={"as_sql": True, "output_buffer": config.stdout},
    )
    operations = Operations(context)
    impl = impl_of(replayed.context.dialect)
    changes: list[Change] = []
    if alone:
        changes += [*map(CreateType, replayed.state.types)]
        changes += [*map(CreateSequence, replayed.state.sequences)]
    changes += diff([], [with_named_indexes(each, impl) for each in tables])
    for change in changes:
        operations.invoke(operation_of(change, (context.dialect,)))


def _write_json(config: Config, replayed: list[ReplayedDatabase], table: str | None) -> None:
    write_json_of_databases(config, {each.name: _object(each, table) for each in replayed})


def _object(replayed: ReplayedDatabase, name: str | None) -> dict[str, Any]:
    from .output.json_values import json_of

    state = replayed.state
    certain = {table.key for table in state.certain}
    return {
        "tables": [
            {"key": key, "certain": key in certain, "table": json_of(table)}
            for key, table in state.tables.items()
            if name in {None, key}
        ],
        "types": list(state.types),
        "sequences": json_of(state.sequences),
        "uncertain": json_of_uncertain(state.uncertain),
    }


def _refuse_uncertain(databases: list[ReplayedDatabase], table: str | None, *, every: bool) -> None:
    """Raise if a requested table is uncertain.

    Args:
        found: the databases.
        table: the requested table.
        every: one uncertain table among all counts.
    """
    for uncertain in _uncertain(databases, table, every=every):
        raise UncertainError(
            f"{uncertain}; declare what the line does in 'with op.moltres_state_only():'", uncertain
        )


def _uncertain(
    databases: list[ReplayedDatabase], table: str | None, *, every: bool
) -> Iterator[Any]:
    for replayed in databases:
        for each in replayed.state.uncertain:
            if table in each.tables or (table is None and every):
                yield each


COMMAND = Command(
    state,
    (
        argument("revision", nargs="?", default="heads", help="a revision (default: heads)"),
        argument("table", nargs="?", help="one table of it (default: all)"),
        argument("--sql", action="store_true", help="print the DDL that creates them"),
        argument(
            "--format",
            choices=["text", "values", "json"],
            default="text",
            help="text for a person (default), values as in scripts, or JSON",
        ),
    ),
)
