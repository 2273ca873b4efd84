"""Rows for the tables of a revision: valid for types, keys and CHECKs, as far as can be tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any
from warnings import catch_warnings

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..convert.dialects import lineage
from ..dialects.base.driver_messages import database_message
from ..history.lazy_tables import TablesAtLine
from ..history.state import State
from ..messages import first_line
from ..schema import TableSchema
from ..sqla_compat import variants_of
from ..sqltext import syntax_of
from .check_values import check_values, mentions
from .type_values import value_of

TRIED = 300
"""Attempts per table."""

Candidates = dict[str, list[Any]]
"""Candidate values by column; the first is tried first."""


class NotYetError(Exception):
    """A table that a foreign key refers to has no row."""


class MadeRows:
    """Inserts rows into tables, and remembers which have some.

    Args:
        connection: to the database, in no transaction.
        given: rows by table in the place of ours; see `MigrationHistory`.
    """

    def __init__(
        self, connection: Connection, given: Mapping[str, Iterable[Mapping[str, Any]]]
    ) -> None:
        self._connection = connection
        self._given = {key: [dict(row) for row in rows] for key, rows in given.items()}
        self._numbers: Counter[str] = Counter()
        self._filled: dict[str, TableSchema] = {}
        self._syntax = syntax_of([connection.dialect.name])

    def fill(self, state: State) -> dict[str, str]:
        """Insert rows into new and changed tables; return the tables without rows, and why."""
        tables = TablesAtLine(state)
        waiting = {
            each.key: each
            for each in state.certain
            if not each.temporary and self._filled.get(each.key) != each
        }
        reasons: dict[str, str] = {}
        while waiting:
            reasons = {}
            for key, schema in waiting.items():
                reason = self._fill(tables[key], self._given.get(key))
                if reason:
                    reasons[key] = reason
                else:
                    self._filled[key] = schema
            if len(reasons) == len(waiting):
                break
            waiting = {key: waiting[key] for key in reasons}
        return {key: reason for key, reason in reasons.items() if not self._has_rows(tables[key])}

    def _has_rows(self, table: sa.Table) -> bool:
        with self._connection.begin():
            count = sa.select(sa.func.count()).select_from(table)
            return bool(self._connection.execute(count).scalar())

    def _fill(self, table: sa.Table, given: list[dict[str, Any]] | None) -> str:
        """Insert rows and return an empty text, or why there are none."""
        if given is not None:
            refused = [self._insert(table, own=own) for own in given]
        else:
            refused = [self._insert(table)]
            if not refused[0]:
                self._insert(table, sparse=True)  # not all tables take one
        return next((each for each in refused if each), "")

    def _insert(
        self, table: sa.Table, own: Mapping[str, Any] | None = None, *, sparse: bool = False
    ) -> str:
        """Insert the first candidate that the database accepts; else return the reason."""
        self._numbers[table.key] += 1
        try:
            with self._connection.begin():
                candidates = self._candidates(table, self._numbers[table.key], sparse=sparse)
        except NotYetError as err:
            return str(err)
        candidates |= {key: [each] for key, each in (own or {}).items() if key in table.columns}
        reason = ""
        for row in islice(_rows(candidates), TRIED):
            try:
                with catch_warnings(action="ignore"), self._connection.begin():
                    self._connection.execute(table.insert().values(row))
            except DBAPIError as err:
                reason = reason or database_message(err)
            except SQLAlchemyError as err:
                reason = reason or first_line(err)
            else:
                return ""
        return reason

    def _candidates(self, table: sa.Table, number: int, *, sparse: bool) -> Candidates:
        candidates: Candidates = {}
        texts = [
            str(each.sqltext) for each in table.constraints if isinstance(each, sa.CheckConstraint)
        ]
        referring = {each.parent.name for each in table.foreign_keys}
        for column in table.columns:
            optional = column.nullable or column.server_default is not None
            if column.name in referring or _is_generated(column) or (sparse and optional):
                continue
            candidates[column.name] = list(self._values(column, number, texts))
        for key in table.foreign_key_constraints:
            candidates |= self._references(table, key, number, sparse=sparse)
        return candidates

    def _values(self, column: sa.Column[Any], number: int, texts: list[str]) -> Iterator[Any]:
        variants = variants_of(column.type)
        names = [each for each in lineage(self._connection.dialect) if each in variants]
        type_: Any = variants[names[0]] if names else column.type
        sample = value_of(type_, number)
        yield sample
        domain = getattr(type_, "check", None)
        about = [each for each in texts if mentions(each, column.name, self._syntax)]
        about += [str(domain)] if domain is not None else []
        for text in about:
            yield from check_values(text, sample, self._syntax)
        if about:
            yield from (value_of(type_, number + step) for step in (1, 10))

    def _references(
        self, table: sa.Table, key: sa.ForeignKeyConstraint, number: int, *, sparse: bool
    ) -> Candidates:
        """Return the key of a row that a foreign key may refer to."""
        names = [column.name for column in key.columns]
        optional = all(column.nullable for column in key.columns)
        if sparse and optional:
            return {}
        targets = [element.column for element in key.elements]
        rows = self._connection.execute(sa.select(*targets).distinct().limit(100)).all()
        rows = [row for row in rows if None not in row]
        if not rows and optional:
            return {}
        if not rows:
            target = targets[0].table
            raise NotYetError(f"{', '.join(names)} refers to {target}, which has no row")
        chosen = rows[(number - 1) % len(rows)]
        return {name: [part] for name, part in zip(names, chosen, strict=True)}


def _is_generated(column: sa.Column[Any]) -> bool:
    """Tell whether the database generates the value."""
    table: Any = column.table
    counted = column is table.autoincrement_column
    return (
        column.computed is not None
        or column.identity is not None
        or column.default is not None
        or counted
    )


def _rows(candidates: Candidates) -> Iterator[dict[str, Any]]:
    """Yield the first row, then rows that differ from it in one column, then all combinations."""
    first = {name: values[0] for name, values in candidates.items()}
    yield first
    for name, values in candidates.items():
        yield from ({**first, name: each} for each in values[1:])
    for chosen in product(*candidates.values()):
        yield dict(zip(candidates, chosen, strict=True))
