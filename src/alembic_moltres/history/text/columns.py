"""The columns and constraints that SQL text defines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ...datatypes import DataType
from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Computed,
    Constraint,
    Default,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    UniqueConstraint,
    sql,
)
from ...schema.named_types import key_of_type
from ...sqltext import Syntax, is_name, tokens
from ..catalogue.database import Catalogue
from .cursor import Cursor
from .sequence_options import read_option

CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE"})
CLAUSES = (CONSTRAINTS - {"FOREIGN", "EXCLUDE"}) | frozenset(
    """NOT NULL DEFAULT REFERENCES GENERATED COLLATE COMMENT AUTO_INCREMENT AUTOINCREMENT USING ON
    DEFERRABLE INITIALLY FIRST AFTER AS STORED VIRTUAL""".split()  # noqa: SIM905
)


@dataclass(slots=True)
class ColumnDefinition:
    """A column with the constraints in its definition."""

    column: ColumnDef
    constraints: list[Constraint] = field(default_factory=list)
    is_serial: bool = False


def read_column(cursor: Cursor, catalogue: Catalogue, table: str) -> ColumnDefinition:
    """Read a column's definition up to a comma or the end.

    Raises:
        UnreadableError: a clause is unknown.
    """
    name = cursor.name()
    type_text = cursor.until(*CLAUSES, ",", ")")
    if not type_text and catalogue.impl.features.named_types:
        raise cursor.unreadable(f"the column {name!r} has no type")
    fields: dict[str, Any] = {}
    defined = ColumnDefinition(ColumnDef(name, "INTEGER"))
    serial = catalogue.impl.serial_type(type_text)
    if serial is not None:
        fields |= {"nullable": False, "autoincrement": True}
        defined.is_serial = True
    while not cursor.done and cursor.peek() not in {",", ")", "FIRST", "AFTER"}:
        _clause(cursor, catalogue, name, fields, defined)
    fields["type_name"] = serial or type_of(type_text, catalogue, fields.pop("collation", None))
    defined.column = replace(defined.column, **fields)
    return defined


def type_of(text: str, catalogue: Catalogue, collation: str | None = None) -> str:
    """Return the name of a type in a statement; named types get their labels."""
    named = catalogue.impl.type_of_ddl(text, catalogue.named_type)
    if collation is None:
        return named
    type_ = DataType.parse(named)
    return str(DataType(type_.name, type_.args, {**type_.kwargs, "collation": collation}))


def _clause(
    cursor: Cursor,
    catalogue: Catalogue,
    column: str,
    fields: dict[str, Any],
    defined: ColumnDefinition,
) -> None:
    name = cursor.name() if cursor.accept("CONSTRAINT") else None
    if cursor.accept("NOT", "NULL"):
        fields["nullable"] = False
    elif cursor.accept("NULL"):
        fields["nullable"] = True
    elif cursor.accept("DEFAULT"):
        fields["default"] = read_default(cursor)
    elif cursor.accept("COLLATE"):
        fields["collation"] = cursor.qualified()[1]
    elif cursor.accept("COMMENT"):
        fields["comment"] = cursor.string()
    elif cursor.accept("AUTO_INCREMENT") or cursor.accept("AUTOINCREMENT"):
        fields |= {"autoincrement": True, "nullable": False}
    elif cursor.accept("GENERATED"):
        _generated(cursor, fields)
    elif cursor.accept("PRIMARY", "KEY"):
        defined.constraints.append(PrimaryKeyConstraint((column,), name))
    elif cursor.accept("UNIQUE"):
        cursor.accept("KEY")
        defined.constraints.append(UniqueConstraint((column,), name))
    elif cursor.accept("CHECK"):
        check = CheckConstraint(SQL(cursor.brackets()), name)
        if catalogue.impl.features.checks_in_columns:
            fields["constraints"] = (*fields.get("constraints", ()), check)
        else:
            defined.constraints.append(check)
    elif cursor.peek() == "REFERENCES":
        key = read_reference(cursor, catalogue, (column,), name)
        defined.constraints.append(key)
    else:
        raise cursor.unreadable(f"the column {column!r} has {cursor.rest()[:30]!r}")


def read_default(cursor: Cursor) -> Default | None:
    """Read the expression after DEFAULT."""
    start = cursor.at
    cursor.next()
    if cursor.tokens[start].text == "(":
        cursor.at = start
        cursor.brackets()
    cursor.until(*CLAUSES, ",", ")")
    return default_of(cursor.text(start, cursor.at), cursor.syntax)


def default_of(text: str, syntax: Syntax) -> Default | None:
    """Return a server default as a value, a literal if it is one.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> [default_of(each, POSTGRESQL) for each in ("'a''b'", "-5", "NOW()", "TRUE")]
    ["a'b", -5, sql.now(), True]
    """
    lowered = text.strip().lower()
    if lowered == "null":
        return None
    if lowered in {"true", "false"}:
        return lowered == "true"
    if lowered in {"now()", "current_timestamp", "current_timestamp()"}:
        return sql.now()
    stream = tokens(text, syntax)
    if len(stream) == 1 and stream[0].is_string:
        return stream[0].value
    digits = lowered.lstrip("-")
    if digits.isdigit():
        return int(lowered)
    if digits.replace(".", "", 1).isdigit():
        return Decimal(lowered)
    return SQL(text)


def _generated(cursor: Cursor, fields: dict[str, Any]) -> None:
    always = cursor.accept("ALWAYS")
    if not always:
        cursor.need("BY", "DEFAULT")
    cursor.need("AS")
    if cursor.accept("IDENTITY"):
        fields["nullable"] = False
        fields["identity"] = Identity(always=always, **_identity_options(cursor))
        return
    expression = cursor.brackets()
    persisted = None
    if cursor.accept("STORED"):
        persisted = True
    elif cursor.accept("VIRTUAL"):
        persisted = False
    fields["computed"] = Computed(SQL(expression), persisted)


def _identity_options(cursor: Cursor) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if not cursor.accept("("):
        return options
    while not cursor.accept(")"):
        stated = read_option(cursor)
        if not stated:
            raise cursor.unreadable(f"an identity has {cursor.next().text!r}")
        options |= stated
    return options


def read_reference(
    cursor: Cursor, catalogue: Catalogue, columns: tuple[str, ...], name: str | None
) -> ForeignKeyConstraint:
    """Read REFERENCES and what follows it.

    Raises:
        MissingError: the referred table does not exist, and no columns are named.
    """
    cursor.need("REFERENCES")
    schema, table = cursor.qualified()
    if cursor.peek() == "(":
        referred = cursor.names()
    else:
        key = catalogue.table(table, schema).primary_key
        if key is None:
            raise cursor.unreadable(f"{table!r} has no primary key to refer to")
        referred = key.columns
    fields: dict[str, Any] = {}
    while True:
        if cursor.accept("ON", "DELETE"):
            fields["on_delete"] = _action(cursor)
        elif cursor.accept("ON", "UPDATE"):
            fields["on_update"] = _action(cursor)
        elif cursor.accept("MATCH"):
            fields["match"] = cursor.next().upper
        elif not read_deferral(cursor, fields):
            break
    return ForeignKeyConstraint(
        columns, table, referred, name, references_schema=catalogue.schema(schema), **fields
    )


def _action(cursor: Cursor) -> str | None:
    for keywords in (("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT")):
        if cursor.accept(*keywords):
            return None if keywords[0] == "NO" else " ".join(keywords)
    return cursor.next().upper


def read_deferral(cursor: Cursor, fields: dict[str, Any]) -> bool:
    """Read DEFERRABLE, INITIALLY and NOT VALID, and tell whether one of them was read."""
    if cursor.accept("NOT", "DEFERRABLE") or cursor.accept("INITIALLY", "IMMEDIATE"):
        return True
    if cursor.accept("DEFERRABLE"):
        fields["deferrable"] = True
    elif cursor.accept("INITIALLY", "DEFERRED"):
        fields |= {"initially": "DEFERRED", "deferrable": True}
    elif cursor.accept("NOT", "VALID"):
        fields["dialect_options"] = {f"{cursor.syntax.name}_not_valid": True}
    else:
        return False
    return True


def read_constraint(cursor: Cursor, catalogue: Catalogue) -> Constraint:
    """Read a table constraint.

    Raises:
        UnreadableError: it is of an unknown kind.
    """
    name = cursor.name() if cursor.accept("CONSTRAINT") else None
    fields: dict[str, Any] = {}
    made: Constraint
    if cursor.accept("PRIMARY", "KEY"):
        made = PrimaryKeyConstraint(cursor.names(), name)
    elif cursor.accept("UNIQUE"):
        _ = cursor.accept("KEY") or cursor.accept("INDEX")
        if cursor.peek() != "(" and name is None and cursor.syntax.folding != "lower":
            name = cursor.name()
        made = UniqueConstraint(cursor.names(), name)
    elif cursor.accept("CHECK"):
        made = CheckConstraint(SQL(cursor.brackets()), name)
    elif cursor.accept("FOREIGN", "KEY"):
        columns = cursor.names()
        made = read_reference(cursor, catalogue, columns, name)
    elif cursor.accept("EXCLUDE"):
        made = _exclude(cursor, name)
    else:
        raise cursor.unreadable(f"a constraint begins with {cursor.rest()[:30]!r}")
    while read_deferral(cursor, fields):
        pass
    return replace(made, **fields)


def _exclude(cursor: Cursor, name: str | None) -> ExcludeConstraint:
    using = cursor.name() if cursor.accept("USING") else "gist"
    cursor.need("(")
    elements: list[tuple[str | SQL, str]] = []
    while not cursor.accept(")"):
        element = cursor.until("WITH")
        cursor.need("WITH")
        operator = cursor.until(",", ")")
        cursor.accept(",")
        plain = is_name(element, cursor.syntax)
        elements.append(
            (Cursor(element, cursor.syntax).name() if plain else SQL(element), operator)
        )
    where = SQL(cursor.brackets()) if cursor.accept("WHERE") else None
    return ExcludeConstraint(tuple(elements), name, using, where)


__all__ = [
    "CONSTRAINTS",
    "ColumnDefinition",
    "default_of",
    "key_of_type",
    "read_column",
    "read_constraint",
    "read_default",
    "read_deferral",
    "type_of",
]
