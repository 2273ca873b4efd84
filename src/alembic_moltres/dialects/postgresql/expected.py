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
from ..base.signatures import Described
from .catalogue import resolve_names
from .expected_tables import Drafter
from .expected_types import desired_types
from .named_types import types_by_oid
from .probe_ddl import Writer
from .resolve import Answered
from .run_probes import ask


def describe(connection: Connection, tables: SequenceOf[TableSchema]) -> list[Described]:
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
    drafter = Drafter(writer, types, resolve_names(connection, _sequences(wanted)))
    drafts = [drafter.table(table) for table in wanted]
    answers = ask(connection, drafter.questions, list(types.statements))
    oids = {answer.named for answer in answers.given.values() if answer.named is not None}
    answered = Answered(answers, types_by_oid(connection, oids) if oids else {})
    described = [
        Described(table, answered.table(draft)) for table, draft in zip(wanted, drafts, strict=True)
    ]
    answered.log_silence()
    return described


def _sequences(tables: Iterable[TableSchema]) -> set[str]:
    return {
        str(column.sequence.name)
        for table in tables
        for column in table.columns
        if column.sequence is not None
    }
