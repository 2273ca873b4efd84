"""Properties of a column that a script does not state, and that altering it must keep.

MODIFY takes a whole definition, and the server resets what it leaves out. With `--sql` no database
is read; a script that autogenerate wrote states collation and attributes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...convert import lineage
from ...sqltext import (
    MYSQL,
    MYSQL_BACKSLASHES,
    after_brackets,
    loose_form,
    rename_columns,
    tokens,
    without_casts,
)
from .catalogue import current_columns
from .column_checks import current_checks
from .rows import ATTRIBUTES, ColumnRow
from .signatures import bare
from .sql_mode import rewritten, syntax_of
from .unstated import states_collation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...schema import CheckConstraint, ColumnDef
    from ..base.ddl import DDLWriter
    from ..base.execution import Execution
    from .column_checks import ColumnCheck

TEXTUAL = re.compile(r"(?:var|n|nvar)?char|(?:tiny|medium|long)?text|enum|set", re.IGNORECASE)
"""The prefixes of types that have a collation."""

CHECK = "CHECK "
"""The beginning of the attribute that is a column's own CHECK."""


class CurrentColumns:
    """The columns of a table in the database at the beginning of a block."""

    def __init__(self, execution: Execution, ddl: DDLWriter) -> None:
        self._execution, self._ddl = execution, ddl
        self._syntax = syntax_of(ddl.dialect)
        self._originals: dict[str, str | None] = {}
        self._names: dict[str, str] = {}
        self._without_check: set[str] = set()

    def rename(self, current: str, desired: str) -> None:
        """Record that a column has been renamed."""
        original = self._originals.pop(current, current)
        self._originals[desired] = original
        if original is not None:
            self._names[original] = desired

    def replaced(self, name: str) -> None:
        """Record that a column has been replaced by a new one of the same name."""
        self._originals[name] = None

    def row(self, name: str) -> ColumnRow | None:
        """Return a column by its current name."""
        original = self._originals.get(name, name)
        return None if original is None else self._rows.get(original)

    def kept(self, current: ColumnDef, desired: ColumnDef) -> tuple[ColumnDef, Sequence[str]]:
        """Return the desired column with its unstated collation, and its attributes.

        A property that one of the two values states is not kept: it is changed, or as stated.
        """
        checks = [] if current.constraints or desired.constraints else self._check(desired.name)
        row = self.row(desired.name)
        if row is None or self._states_attributes(current) or self._states_attributes(desired):
            return desired, checks
        text, before = self._ddl.column(desired).type, self._type(current)
        stated = states_collation(before, self._syntax) or states_collation(text, self._syntax)
        made = text
        if TEXTUAL.match(text) and TEXTUAL.match(before) and not stated:
            made = self._collated(text, row)
        if "COMPRESSED" in row.attributes:
            made = self._compressed(made)
        if made != text:
            desired = replace(desired, type_name=f"CUSTOM({made!r})", type_variants={})
        return desired, [*(each for each in row.attributes if each != "COMPRESSED"), *checks]

    def drop_check(self, constraint: CheckConstraint) -> tuple[str, str] | None:
        """Return the column that has a CHECK in its definition, and the definition without it.

        `None` if the table has it, or no table and column does: then its name tells.
        """
        names, checks = self._checks
        if constraint.name is not None:
            columns = [constraint.name] if constraint.name not in names else []
        else:
            text = str(constraint.expression.for_dialect(lineage(self._ddl.dialect)))
            wanted = self._comparable(rewritten(text, self._syntax, MYSQL))
            columns = [
                name for name, each in checks.items() if wanted == self._comparable(each.text)
            ]
        for name in columns:
            if name in checks and name not in self._without_check:
                self._without_check.add(name)
                return self._names.get(name, name), rewritten(
                    checks[name].others, MYSQL, self._syntax
                )
        return None

    def _check(self, column: str) -> list[str]:
        """Return the CHECK in a column's definition, under the present names of columns."""
        original = self._originals.get(column, column)
        check = self._checks[1].get(original or "")
        if check is None or original in self._without_check:
            return []
        text = rename_columns(check.text, self._names, MYSQL)
        return [f"{CHECK}({rewritten(text, MYSQL, self._syntax)})"]

    def _comparable(self, text: str) -> list[str]:
        written = rewritten(bare(text), MYSQL, MYSQL_BACKSLASHES)  # one spelling of each string
        return loose_form(without_casts(tokens(written, MYSQL_BACKSLASHES)))

    @cached_property
    def _checks(self) -> tuple[set[str], dict[str, ColumnCheck]]:
        execution, ddl = self._execution, self._ddl
        if execution.as_sql:
            return set(), {}
        return current_checks(execution.connection, ddl.schema, ddl.name)

    def _collated(self, text: str, row: ColumnRow) -> str:
        if row.collation is None or row.collation == self._columns[0]:
            return text
        return f"{text} COLLATE {row.collation}"

    def _compressed(self, text: str) -> str:
        """Return a type with COMPRESSED, which comes before its character set."""
        stream = tokens(text, self._syntax)
        has_arguments = len(stream) > 1 and stream[1].upper == "("
        end = stream[after_brackets(stream, 1) - 1 if has_arguments else 0].end
        return f"{text[:end]} COMPRESSED{text[end:]}"

    def _states_attributes(self, column: ColumnDef) -> bool:
        return any(each in self._type(column).upper() for each in ATTRIBUTES)

    def _type(self, column: ColumnDef) -> str:
        return self._ddl.column(column).type

    @cached_property
    def _columns(self) -> tuple[str, dict[str, ColumnRow]]:
        execution, ddl = self._execution, self._ddl
        if execution.as_sql:
            return "", {}
        return current_columns(execution.connection, ddl.schema, ddl.name)

    @property
    def _rows(self) -> dict[str, ColumnRow]:
        return self._columns[1]
