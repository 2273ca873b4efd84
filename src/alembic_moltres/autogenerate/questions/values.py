"""Values in the answers of `-x`: a literal of the column's type, or `sql(...)`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from ...datatypes import DataType
from ...errors import OptionError
from ...schema import SQL, ColumnDef, Default

TRUE, FALSE = {"true", "1", "yes"}, {"false", "0", "no"}
NUMBERS: Final = ("TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT")


def _boolean(text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise ValueError(text)
    return text.lower() in TRUE


READERS: Final[Mapping[str, Callable[[str], Default]]] = {
    **dict.fromkeys(NUMBERS, int),
    **dict.fromkeys(("DECIMAL", "NUMERIC"), Decimal),
    **dict.fromkeys(("REAL", "FLOAT", "DOUBLE"), float),
    "BOOLEAN": _boolean,
}
"""Reads a literal, by type; other types take the text."""
EXAMPLES: Final[Mapping[str, str]] = {
    **dict.fromkeys(READERS, "0"),
    "BOOLEAN": "false",
    "DATE": "2000-01-01",
    "TIMESTAMP": "sql(CURRENT_TIMESTAMP)",
}


def read_value(text: str, column: ColumnDef) -> Default:
    """Return the value that was typed for a column.

    Raises:
        OptionError: it is not a literal of the column's type.

    >>> from alembic_moltres.schema import column
    >>> age, name = column("age", "INTEGER"), column("name", "TEXT")
    >>> read_value("0", age), read_value("unknown", name), read_value("sql(upper(code))", name)
    (0, 'unknown', sql('upper(code)'))
    """
    text = text.strip()
    if text.startswith("sql(") and text.endswith(")"):
        return SQL(text[4:-1])
    type_ = _bare(column)
    try:
        if text[:1] in {"'", '"'}:
            return str(ast.literal_eval(text))
        return READERS.get(type_, str)(text)
    except (ValueError, SyntaxError, InvalidOperation) as err:
        raise OptionError(
            f"{text!r} is not a value of the column {column.name!r}, which is {column.type_name}; "
            "write a literal of that type, or sql(...)",
            text,
        ) from err


def example(column: ColumnDef) -> str:
    """Return a possible value of a column, for the suggested line."""
    return EXAMPLES.get(_bare(column), "''" if not _labels(column) else str(_labels(column)[0]))


def _bare(column: ColumnDef) -> str:
    return DataType.parse(column.type_name).name.rpartition(".")[2]


def _labels(column: ColumnDef) -> tuple[object, ...]:
    type_ = DataType.parse(column.type_name)
    return type_.args if _bare(column) == "ENUM" else ()
