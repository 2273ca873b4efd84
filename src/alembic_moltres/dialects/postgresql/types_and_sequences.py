"""Reads named types and sequences by their names, whether a table uses them or not."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf

from sqlalchemy.engine import Connection

from ...datatypes import DataType
from ...schema import Sequence, TableSchema, column
from ..base.ddl import DDLWriter
from ..base.signatures import matches
from .catalogue import query
from .columns import sequence_of, sequence_signature, signature_of_sequence
from .expected import reflect_expected
from .named_types import types_by_name
from .sequence_options import numbers

SEQUENCES = """SELECT n.nspname::text AS schema, c.relname::text AS name,
   pg_table_is_visible(c.oid) AS visible, format_type(q.seqtypid, NULL) AS type,
   q.seqstart AS start, q.seqincrement AS increment, q.seqmin AS minvalue, q.seqmax AS maxvalue,
   q.seqcache AS cache, q.seqcycle AS cycle
 FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid
 JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = ANY (CAST(:names AS text[]))"""

IN_COLUMNS = """SELECT n.nspname::text AS schema, t.typname::text AS name,
   pg_type_is_visible(t.oid) AS visible
 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typname = ANY (CAST(:names AS text[])) AND EXISTS (SELECT FROM pg_attribute a
   WHERE a.atttypid IN (t.oid, t.typarray) AND a.attnum > 0 AND NOT a.attisdropped)"""


def existing_types(connection: Connection, types: SequenceOf[str]) -> dict[str, str | None]:
    """Return each of these types as the database has it; the same value if it is equal."""
    parsed = [DataType.parse(each) for each in types]
    existing = types_by_name(connection, [str(each.kwargs["name"]) for each in parsed])
    # compared as types of columns are
    probe = TableSchema("t", [column(f"c{n}", text) for n, text in enumerate(types)])
    (expected,) = reflect_expected(connection, [probe])
    kept_types: dict[str, str | None] = {}
    for text, type_, wanted in zip(types, parsed, expected.columns, strict=True):
        schema, name = type_.kwargs.get("schema"), type_.kwargs["name"]
        kept = next(
            (
                each
                for each in existing
                if each.name == name and (each.visible if schema is None else each.schema == schema)
            ),
            None,
        )
        if kept is None:
            kept_types[text] = None
        elif matches(kept.signature, wanted.signature.type):
            kept_types[text] = text
        else:
            kept_types[text] = str(kept.type_name)
    return kept_types


def types_of_columns(connection: Connection, types: SequenceOf[str]) -> list[str]:
    """Return those of these types that a column has, or an array of which it has."""
    calls = {each: DataType.parse(each).kwargs for each in types}
    rows = query(connection, IN_COLUMNS, names=[str(each["name"]) for each in calls.values()])
    held = {(row.schema, row.name) for row in rows}
    held |= {(None, row.name) for row in rows if row.visible}
    return [text for text, each in calls.items() if (each.get("schema"), each["name"]) in held]


def existing_sequences(
    connection: Connection, sequences: SequenceOf[Sequence]
) -> Mapping[Sequence, Sequence | None]:
    """Return each of these sequences as the database has it; the same value if it is equal."""
    rows = query(connection, SEQUENCES, names=[str(each.name) for each in sequences])
    kept_sequences: dict[Sequence, Sequence | None] = {}
    for each in sequences:
        kept = next(
            (
                row
                for row in rows
                if row.name == each.name
                and (row.visible if each.schema is None else row.schema == each.schema)
            ),
            None,
        )
        if kept is None:
            kept_sequences[each] = None
            continue
        ddl = DDLWriter(connection.dialect, each.name, each.schema)
        type_ = ddl.type(each.data_type or "BIGINT").lower()
        wanted = sequence_signature(kept.schema, kept.name, numbers(each, type_), type_)
        same = signature_of_sequence(kept) == wanted
        kept_sequences[each] = each if same else sequence_of(kept)
    return kept_sequences
