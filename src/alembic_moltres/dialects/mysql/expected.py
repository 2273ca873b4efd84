"""What MySQL or MariaDB would say of the models' tables.

Columns and CHECKs are asked (see `asking`), each distinct one once. Keys, indexes and options have
one spelling and are put into words as they stand.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.engine import Connection

from ...convert import lineage, schema_to_table
from ...convert.dialects import writing
from ...convert.names import kept_name
from ...schema import CheckConstraint, ColumnDef, Constraint, ForeignKeyConstraint, TableSchema
from ...schema.base import distinct
from ...sqltext import MYSQL, mentioned, unqualified
from ..base.align import comparable
from ..base.signatures import (
    ColumnSignature,
    ItemSignature,
    ReflectedTable,
    TableSignature,
    without_null,
)
from .catalogue import database_of
from .rows import ColumnRow
from .run_probes import Probe, ProbeResult, ProbeRunner
from .signatures import (
    CHARSET,
    COLLATE,
    NOT_COMPARED,
    column_signature,
    desired_constraint_signature,
    desired_index_signature,
    option_signature,
)
from .unconfirmed import Fallback


def expected_tables(connection: Connection, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
    """Return what the server would say of `tables`, as `comparable` gives them, in order.

    Nothing remains. What it will not answer is compared as well as can be, and said in the log.
    """
    return ExpectedTable(connection).expected([comparable(table) for table in tables])


class ExpectedTable:
    """Describes tables for one connection; compiles and asks each distinct thing once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect: Any = writing(connection.dialect)
        self._names = lineage(connection.dialect)
        self._prefix = connection.dialect.name
        self._specs: dict[Hashable, tuple[str, str]] = {}
        self._asking = ProbeRunner(connection)
        self._answers: dict[Probe, ProbeResult] = {}
        self._fallback = Fallback(connection)
        self._database = database_of(connection, None)
        engine = connection.exec_driver_sql("SELECT @@default_storage_engine").scalar()
        self._engine = str(engine)

    def expected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        """Ask all questions, then put the tables into words."""
        plain = [Probe(options, "INTEGER") for options in map(self._options, tables)]
        questions = [
            question
            for table in tables
            for question in (*self._column_questions(table), *self._check_questions(table))
        ]
        self._answers = self._asking.run_probes([*plain, *questions])
        if len(self._answers) < len({*plain, *questions}):
            self._fallback.read(tables)
        return [self._described(table) for table in tables]

    def _described(self, table: TableSchema) -> ReflectedTable:
        automatic = self._autoincrement(table)
        columns = {
            column.name: self._column(table, column, question, automatic == column.name)
            for column, question in zip(table.columns, self._column_questions(table), strict=True)
        }
        key = table.primary_key
        for name in () if key is None else key.columns:
            columns[name] = without_null(columns[name])
        types = {name: signature.type for name, signature in columns.items()}
        charset, collation = self._asking.options.get(
            self._options(table), self._fallback.charset(table)
        )
        engine = str(table.dialect_options.get(f"{self._prefix}_engine") or self._engine)
        signature = TableSignature(
            columns,
            tuple(self._kept(self._constraint(each, table, engine)) for each in table.constraints),
            tuple(
                self._kept(desired_index_signature(each, self._names, types))
                for each in table.indexes
            ),
            table.comment or None,
            option_signature(self._prefix, engine, charset, collation, self._others(table)),
        )
        return ReflectedTable(table, signature)

    def _kept(self, signature: ItemSignature | None) -> ItemSignature | None:
        """Return the words with the name that the server keeps of one that is too long."""
        if signature is None or signature.name is None:
            return signature
        kept = kept_name(signature.name, self._dialect)
        return signature if kept == signature.name else replace(signature, name=kept)

    def _column(
        self, table: TableSchema, column: ColumnDef, question: Probe, automatic: bool
    ) -> ColumnSignature:
        answer = self._answers.get(question)
        if isinstance(answer, ColumnRow):
            row = replace(answer, name=column.name, comment=column.comment or "")
            return column_signature(replace(row, autoincrement=automatic))
        type_ = self._spec(column)[1]
        return self._fallback.column(table, column, type_, question.text, automatic)

    def _constraint(
        self, constraint: Constraint, table: TableSchema, engine: str
    ) -> ItemSignature | None:
        if isinstance(constraint, ForeignKeyConstraint) and engine.lower() != "innodb":
            return None  # other engines parse foreign keys and keep nothing of them
        check = None
        if isinstance(constraint, CheckConstraint):
            question = self._check_question(table, constraint)
            if question is None:
                return None
            answer = self._answers.get(question)
            if not isinstance(answer, str):
                return self._fallback.check(table, constraint, question.text)
            check = answer
        return desired_constraint_signature(
            constraint, self._names, table.schema or self._database, check
        )

    def _options(self, table: TableSchema) -> str:
        """Return what decides the character set of a table's columns."""
        charset, collate = (self._option(table, names) for names in (CHARSET, COLLATE))
        parts = [f"DEFAULT CHARSET={charset}"] if charset else []
        return " ".join([*parts, f"COLLATE {collate}"] if collate else parts)

    def _option(self, table: TableSchema, names: Sequence[str]) -> str | None:
        given = (table.dialect_options.get(f"{self._prefix}_{name}") for name in names)
        return next((str(value) for value in given if value is not None), None)

    def _others(self, table: TableSchema) -> dict[str, str]:
        settled = {"engine", *CHARSET, *COLLATE, *NOT_COMPARED}
        start = f"{self._prefix}_"
        return {
            key[len(start) :]: str(value).lower()
            for key, value in table.dialect_options.items()
            if key.startswith(start) and key[len(start) :] not in settled
        }

    def _column_questions(self, table: TableSchema) -> list[Probe]:
        options = self._options(table)
        questions = []
        for column in table.columns:
            needed: tuple[tuple[str, str], ...] = ()
            if column.computed is not None:
                expression = column.computed.expression.for_dialect(self._names)
                needed = self._needed(table, expression or "")
            questions.append(Probe(options, self._spec(column)[0], needed=needed))
        return questions

    def _check_questions(self, table: TableSchema) -> list[Probe]:
        found = [
            self._check_question(table, each)
            for each in table.constraints
            if isinstance(each, CheckConstraint)
        ]
        return [question for question in found if question is not None]

    def _check_question(self, table: TableSchema, check: CheckConstraint) -> Probe | None:
        text = check.expression.for_dialect(self._names)
        if text is None or (check.ddl_if and self._prefix not in check.ddl_if):
            return None
        text = unqualified(text, str(table.name), MYSQL)
        needed = self._needed(table, text)
        return Probe(self._options(table), text, check=True, needed=needed)

    def _needed(self, table: TableSchema, expression: str) -> tuple[tuple[str, str], ...]:
        names = mentioned(expression, MYSQL)
        return tuple(
            (column.name, self._spec(column)[1])
            for column in table.columns
            if column.name.lower() in names
        )

    def _spec(self, column: ColumnDef) -> tuple[str, str]:
        """Return a column's definition without its name and comment, and its type alone."""
        key: Hashable = (column.type_name, column.nullable)
        plain = column.default is None and column.computed is None
        if not plain or column.type_variants:
            key = (*key, distinct(column.default), column.computed, distinct(column.type_variants))  # type: ignore[misc]
        found = self._specs.get(key)
        if found is None:
            alone = replace(
                column, name="q", comment=None, identity=None, sequence=None, constraints=()
            )
            made = schema_to_table(TableSchema("t", [alone]), MetaData()).c.q
            compiler = self._dialect.ddl_compiler(self._dialect, None)
            spec = compiler.get_column_specification(made).removeprefix("q ")
            type_ = self._dialect.type_compiler_instance.process(made.type, type_expression=made)
            found = self._specs[key] = (spec, str(type_))
        return found

    def _autoincrement(self, table: TableSchema) -> str | None:
        """Return the column that SQLAlchemy makes AUTO_INCREMENT."""
        key = table.primary_key
        if key is None:
            return None
        columns = [table.column(name) for name in key.columns]
        referring = [
            ForeignKeyConstraint((name,), "other", ("id",))
            for name in key.columns
            if any(
                isinstance(c, ForeignKeyConstraint) and name in c.columns for c in table.constraints
            )
        ]
        alone = TableSchema("t", columns, constraints=[key, *referring])
        cached = (tuple(map(_of_key, columns)), tuple(each.columns for each in referring))
        found = self._specs.get(cached)
        if found is None:
            made = schema_to_table(alone, MetaData())
            compiler = self._dialect.ddl_compiler(self._dialect, None)
            names = [
                str(column.name)
                for column in made.columns
                if " AUTO_INCREMENT" in compiler.get_column_specification(column)
            ]
            found = self._specs[cached] = (names[0] if names else "", "")
        return found[0] or None


def _of_key(column: ColumnDef) -> tuple[object, ...]:
    return (
        column.name,
        column.type_name,
        distinct(column.type_variants),
        column.autoincrement,
        distinct(column.default),
        column.sequence,
        column.identity,
    )
