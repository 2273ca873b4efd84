"""What PostgreSQL would say of the models' tables: what it must be asked, and the words of it.

Two passes: each table is drafted, with a question wherever only the database knows; then all
questions are asked at once, and the answers put in.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as SequenceOf

from sqlalchemy.engine import Connection

from ...convert.dialects import writing
from ...schema import TableSchema
from ..base.align import comparable
from ..base.signatures import ReflectedTable
from .catalogue import resolve_names
from .expected_table import ExpectedTables
from .expected_types import desired_types
from .named_types import types_by_oid
from .probe_ddl import Writer
from .resolve import Resolver
from .run_probes import run_probes


def expected_tables(
    connection: Connection, tables: SequenceOf[TableSchema]
) -> list[ReflectedTable]:
    """Return what the database would say of these tables; see `Reader.describe`.

    Foreign keys, partitions, storage and sequences are compared as values and not asked.

    Raises:
        OperationError: a type or an expression cannot be written for PostgreSQL.
    """
    wanted = [comparable(table) for table in tables]
    writer = Writer(connection.dialect)
    type_names = dict.fromkeys(
        writer.type_of(column) for table in wanted for column in table.columns
    )
    types = desired_types(connection, type_names, writing(connection.dialect))
    drafter = ExpectedTables(writer, types, resolve_names(connection, _sequences(wanted)))
    drafts = [drafter.table(table) for table in wanted]
    answers = run_probes(connection, drafter.questions, list(types.statements))
    oids = {answer.named for answer in answers.given.values() if answer.named is not None}
    answered = Resolver(answers, types_by_oid(connection, oids) if oids else {})
    reflected = [
        ReflectedTable(table, answered.table(draft))
        for table, draft in zip(wanted, drafts, strict=True)
    ]
    answered.log_silence()
    return reflected


def _sequences(tables: Iterable[TableSchema]) -> set[str]:
    return {
        str(column.sequence.name)
        for table in tables
        for column in table.columns
        if column.sequence is not None
    }
