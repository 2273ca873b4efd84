"""SQL expressions, both ways.

An expression built in Python is compiled to text once for each dialect; text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import exc
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement, TextClause

from .. import sqla_compat
from ..errors import FreezeError
from ..schema import SQL
from ..schema.expressions import most_common
from ..types.variants import bytes_literal
from .dialects import lineage

NOT_COMPILED = (exc.CompileError, exc.ArgumentError, NotImplementedError)
"""The errors of a compiler for an expression that its dialect does not know."""

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

    def __repr__(self) -> str:
        return repr(self.frozen)

    def text_for(self, dialect: Dialect) -> str | None:
        """Return the text for a dialect; `None` if it has nothing at this place."""
        if isinstance(self.frozen, SQL):
            return self.frozen.for_dialect(lineage(dialect))
        if isinstance(self.frozen, bytes):
            return bytes_literal(self.frozen, lineage(dialect))
        return str(self.frozen)


@compiles(FrozenText)
def _compile_frozen_text(element: FrozenText, compiler: Any, **_: Any) -> str:
    dialect: Dialect = compiler.dialect
    text = element.text_for(dialect)
    if text is None:
        name = dialect.name
        raise exc.CompileError(f"{element.frozen!r} has no text for {name}; add {name}='...'")
    return str(compiler.post_process_text(text))


def plain_text(clause: object) -> str | None:
    """Return the text of a `text()` that every dialect compiles alike, else `None`."""
    if isinstance(clause, str):
        return str(clause)
    if (
        type(clause) is TextClause
        and not sqla_compat.has_parameters(clause)
        and "\\" not in clause.text
    ):
        return clause.text
    return None


def compiled_text(clause: ClauseElement, dialect: Dialect, *, include_table: bool = False) -> str:
    """Return what `dialect` writes for an expression inside DDL.

    Raises:
        CompileError: the dialect cannot, or would write a parameter instead of a value.
    """
    compiler: Any = dialect.statement_compiler(dialect, None)
    text = str(compiler.process(clause, include_table=include_table, literal_binds=True))
    if compiler.binds:
        raise exc.CompileError(f"{dialect.name} would write a parameter: {text}")
    return text


def freeze_expression(
    clause: Any, dialects: Sequence[Dialect], where: str, *, include_table: bool = False
) -> SQL:
    """Return the value of an expression: its text, and the dialects that write it otherwise.

    Another dialect than the first that cannot compile the expression is left out.

    Args:
        clause: a string, `text()`, or an expression built in Python.
        dialects: to compile it for; the first one must be able to.
        where: the place, for an error.
        include_table: whether columns have their table before them.

    Raises:
        FreezeError: it is empty, or the first dialect or every dialect cannot compile it.
    """
    if isinstance(clause, FrozenText) and isinstance(clause.frozen, SQL):
        return clause.frozen
    if (text := plain_text(clause)) is not None:
        if not text.strip():
            raise FreezeError(f"an expression is {text!r} (at {where}); write the SQL text", clause)
        return SQL(text)

    def write(dialect: Dialect) -> str:
        return compiled_text(clause, dialect, include_table=include_table)

    return freeze_texts(dialects, write, where)


def freeze_texts(dialects: Sequence[Dialect], write: Any, where: str) -> SQL:
    """Return the expression with the text that `write` returns for each dialect.

    `write` returns `None` if the dialect has nothing at that place.
    """
    texts: dict[str, str | None] = {}
    failed: Exception | None = None
    for dialect in dialects:
        try:
            texts[dialect.name] = write(dialect)
        except NOT_COMPILED as err:
            failed = failed or err
    for name in [
        name for name, text in texts.items() if _is_inherited(name, text, texts, dialects)
    ]:
        del texts[name]
    if not any(texts.values()):
        raise FreezeError(
            f"no dialect can compile the expression (at {where}): {failed}; write it with text()",
        ) from failed
    return most_common(texts)


def _is_inherited(
    name: str, text: str | None, texts: Mapping[str, str | None], dialects: Sequence[Dialect]
) -> bool:
    """Tell whether a third party's dialect has the same text as the dialect that it extends."""
    above = next(lineage(dialect)[1:] for dialect in dialects if dialect.name == name)
    return any(texts.get(other, "") == text for other in above)


def thaw_expression(expression: SQL) -> FrozenText:
    """Return an expression as SQLAlchemy takes it in a constraint, an index or a column."""
    return FrozenText(expression)


def escaped_text(sql: str) -> str:
    r"""Return SQL for `sa.text()`, which takes a colon before a word for a parameter.

    >>> escaped_text("a = ':b' and c::text = ':d'"), escaped_text("x")
    ("a = '\\:b' and c::text = '\\:d'", 'x')
    """
    return _PARAMETER.sub(r"\\:", sql)


_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")
