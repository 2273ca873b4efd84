"""Converts rows to values."""

from __future__ import annotations

from typing import Any

from ...schema import (
    DDL,
    SQL,
    CheckConstraint,
    ColumnDef,
    Computed,
    Constraint,
    Default,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    sql,
)
from ...sqltext import MYSQL, literal_value
from .rows import CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, TableRow
from .signatures import bare
from .type_spellings import type_name

_NOW = {"current_timestamp()", "current_timestamp"}


def constraint_value(row: ConstraintRow, schema: str | None, database: str) -> Constraint:
    """Return the value of a constraint.

    Args:
        row: of the constraint.
        schema: the schema given by the caller, `None` for the default one.
        database: the database of a table without a schema.
    """
    match row:
        case IndexRow():
            return _key(row)
        case CheckRow():
            return CheckConstraint(sql(bare(row.text)), None if row.at_column else row.name)
        case ForeignKeyRow():
            return _foreign_key(row, schema, database)


def option_values(row: TableRow, prefix: str) -> dict[str, Any]:
    """Return a table's dialect options; their names begin with the dialect's."""
    return {
        f"{prefix}_engine": row.engine,
        f"{prefix}_charset": row.collation.partition("_")[0],
        f"{prefix}_collate": row.collation,
        **{f"{prefix}_{name}": value for name, value in row.options.items()},
        **({f"{prefix}_partition_by": row.partition_by} if row.partition_by else {}),
    }


def versioning_ddl(row: TableRow, prefix: str) -> tuple[DDL, ...]:
    """Return the attached DDL that makes a new table system-versioned."""
    if not row.versioning:
        return ()
    statement = f"ALTER TABLE %(fullname)s {row.versioning.replace('%', '%%')}"
    return (DDL("after_create", statement, ddl_if=(prefix,)),)


def is_constraint(index: IndexRow) -> bool:
    """Tell whether an index can be a constraint: without prefix lengths, order and expressions."""
    if index.name == "PRIMARY" or not index.unique:
        return index.unique
    return all(part.column and part.length is None and not part.descending for part in index.parts)


def column_value(
    row: ColumnRow, collation: str, database: str | None = None, *, in_key: bool
) -> ColumnDef:
    """Return the value of a column.

    Args:
        row: of the column.
        collation: the collation of the table, which is left out.
        database: the connected one, which MariaDB writes before the names of sequences; it is left
            out, since another database of the project has another name.
        in_key: whether it is in the primary key.
    """
    own = None if row.collation == collation else row.collation
    generated = row.generated
    default = None if row.default is None else default_value(_unqualified(row.default, database))
    if row.on_update is not None:
        default = sql(f"{row.default or 'NULL'} ON UPDATE {row.on_update}")
    return ColumnDef(
        row.name,
        "JSON" if row.json and not row.attributes else type_value(row, own),
        row.nullable,
        default,
        computed=None if generated is None else Computed(sql(bare(generated)), row.stored),
        autoincrement=_autoincrement(row, in_key=in_key),
        comment=row.comment or None,
    )


def _unqualified(default: str, database: str | None) -> str:
    """Return a default with the connected database's sequences under their plain names."""
    if database is None or not default.startswith("nextval("):
        return default
    return default.replace(f"({MYSQL.quoted_name(database)}.", "(", 1)


def type_value(row: ColumnRow, collation: str | None) -> str:
    """Return the name of a column's type, with the column's attributes if a type can have them.

    Args:
        row: of the column.
        collation: its own.

    >>> type_value(ColumnRow("a", "varchar(9)", attributes=("COMPRESSED",)), "latin1_bin")
    "CUSTOM('varchar(9) COMPRESSED COLLATE latin1_bin')"
    """
    if not row.attributes or row.generated is not None or row.autoincrement:
        return type_name(row.type, collation)
    collate = [] if collation is None else [f"COLLATE {collation}"]
    after = [each for each in row.attributes if each != "COMPRESSED"]
    before = ["COMPRESSED"] if "COMPRESSED" in row.attributes else []
    return f"CUSTOM({' '.join([row.type, *before, *collate, *after])!r})"


def _autoincrement(row: ColumnRow, *, in_key: bool) -> bool | str:
    """Return `autoincrement` such that SQLAlchemy autoincrements exactly if the server does."""
    if row.autoincrement:
        return True
    return False if in_key and "int" in row.type else "auto"


def default_value(text: str) -> Default:
    """Return the value of a DEFAULT from the server's text.

    >>> default_value("'it''s'"), default_value("-5"), default_value("current_timestamp()")
    ("it's", -5, sql.now())
    """
    literal = literal_value(text, MYSQL)
    if literal is not None:
        return literal
    return sql.now() if text.lower() in _NOW else sql(text)


def _key(index: IndexRow) -> Constraint:
    columns = tuple(str(part.column) for part in index.parts)
    if index.name == "PRIMARY":
        return PrimaryKeyConstraint(columns, comment=index.comment or None)
    return UniqueConstraint(columns, index.name, comment=index.comment or None)


def _foreign_key(key: ForeignKeyRow, schema: str | None, database: str) -> Constraint:
    """Return a foreign key; default actions are left out."""
    elsewhere = key.database if schema is not None or key.database != database else None
    rules = [None if r in {"RESTRICT", "NO ACTION"} else r for r in (key.on_delete, key.on_update)]
    return ForeignKeyConstraint(
        key.columns,
        key.table,
        key.references,
        key.name,
        on_delete=rules[0],
        on_update=rules[1],
        references_schema=elsewhere,
    )


def index_value(index: IndexRow, prefix: str) -> Index:
    """Return the value of an index."""
    elements: list[str | SQL] = []
    for part in index.parts:
        if part.column is None:
            elements.append(sql(f"({bare(part.expression or '')})"))
        elif part.descending:
            length = "" if part.length is None else f"({part.length})"
            elements.append(sql(f"{MYSQL.quoted_name(part.column)}{length} DESC"))
        else:
            elements.append(part.column)
    lengths = {
        part.column: part.length
        for part in index.parts
        if part.column and part.length is not None and not part.descending
    }
    options: dict[str, Any] = {}
    if lengths:
        options[f"{prefix}_length"] = lengths
    if index.kind in {"FULLTEXT", "SPATIAL"}:
        options[f"{prefix}_prefix"] = index.kind
    return Index(
        str(index.name),
        tuple(elements),
        index.unique,
        dialect_options=options,
        comment=index.comment or None,
    )
