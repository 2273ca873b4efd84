"""SQL expressions, both ways.

What is built in Python is compiled to text once, for every dialect; what is text stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import exc
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement, TextClause

from ..errors import FreezeError
from ..schema import SQL
from ..schema.expressions import most_common
from .dialects import lineage

NOT_COMPILED = (exc.CompileError, exc.ArgumentError, NotImplementedError)
"""What a compiler raises for an expression that its dialect does not know."""

Frozen = SQL | int | float | Decimal | bytes


class FrozenText(TextClause):
    """A frozen expression as SQLAlchemy can compile it: the text of the dialect at hand.

    Unlike `sqlalchemy.text`, a colon is a colon and never starts a parameter.
    """

    inherit_cache = False
    name = key = None

    def __init__(self, frozen: Frozen) -> None:
        super().__init__("")
        self.frozen = frozen
        self.text = frozen.text if isinstance(frozen, SQL) else str(frozen)


@compiles(FrozenText)
def _compile_frozen_text(element: FrozenText, compiler: Any, **_: Any) -> str:
    names = lineage(compiler.dialect)
    frozen = element.frozen
    if isinstance(frozen, bytes):
        text = _bytes_literal(frozen, names)
    elif isinstance(frozen, SQL):
        found = frozen.for_dialect(names)
        if found is None:
            raise exc.CompileError(f"{frozen!r} has no text for {names[0]}; add {names[0]}='...'")
        text = found
    else:
        text = str(frozen)
    return str(compiler.post_process_text(text))


def _bytes_literal(value: bytes, names: tuple[str, ...]) -> str:
    forms = {"postgresql": r"'\x{}'::bytea", "mssql": "0x{}", "oracle": "HEXTORAW('{}')"}
    for name in names:
        if name in forms:
            return forms[name].format(value.hex())
    return f"X'{value.hex()}'"


def plain_text(clause: object) -> str | None:
    """Return the text of a `text()` that every dialect writes alike, else `None`."""
    if isinstance(clause, str):
        return str(clause)
    if type(clause) is TextClause and not clause._bindparams and "\\" not in clause.text:
        return clause.text
    return None


def compiled_text(clause: ClauseElement, dialect: Dialect) -> str:
    """Return what `dialect` writes for an expression inside DDL."""
    compiler: Any = dialect.statement_compiler(dialect, None)
    return str(compiler.process(clause, include_table=False, literal_binds=True))


def freeze_expression(clause: Any, dialects: Sequence[Dialect], where: str) -> SQL:
    """Return the value of an expression: its text, and the dialects that write it otherwise.

    A dialect other than the first may not know the expression; it is left out then.

    Args:
        clause: a string, `text()`, or anything built in Python.
        dialects: the dialects to write it for; the first one must know it.
        where: how an error calls the place.

    Raises:
        FreezeError: the first dialect cannot write it, or no dialect can.
    """
    if isinstance(clause, FrozenText) and isinstance(clause.frozen, SQL):
        return clause.frozen
    if (text := plain_text(clause)) is not None:
        return SQL(text)
    return freeze_texts(dialects, lambda dialect: compiled_text(clause, dialect), where)


def freeze_texts(dialects: Sequence[Dialect], write: Any, where: str) -> SQL:
    """Return the expression that `write(dialect)` spells for each dialect that knows it.

    `write` gives `None` where the dialect has nothing at that place.
    """
    texts: dict[str, str | None] = {}
    failed: Exception | None = None
    for dialect in dialects:
        try:
            texts[dialect.name] = write(dialect)
        except NOT_COMPILED as err:
            failed = failed or err
    if not any(texts.values()):
        raise FreezeError(
            f"no dialect can write the expression (at {where}): {failed}; write it with text()",
        ) from failed
    return most_common(texts)


def thaw_expression(expression: SQL) -> FrozenText:
    """Return an expression as SQLAlchemy takes it in a constraint, an index or a column."""
    return FrozenText(expression)
