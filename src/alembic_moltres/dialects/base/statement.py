"""`Statement`: a DDL element with the name of its subject for errors; text and compiled DDL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement

from ...sqla_compat import doubles_percents

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.interfaces import Compiled
    from sqlalchemy.sql.compiler import DDLCompiler


class Statement(NamedTuple):
    """A statement, with the name of the item that it creates, changes or drops, for errors."""

    ddl: ExecutableDDLElement
    subject: str


class RawDDL(ExecutableDDLElement):
    """A statement given as text; unlike `text()`, it has no parameters, so colons are literal.

    Percent signs are doubled if the driver interprets them.

    Attributes:
        text: the statement.
        short: a one-line summary of a long text, which is only displayed.

    >>> str(RawDDL("COMMENT ON TABLE a IS ':b'"))
    "COMMENT ON TABLE a IS ':b'"
    """

    inherit_cache = False

    def __init__(self, text: str, short: str | None = None) -> None:
        self.text, self.short = text, short


@compiles(RawDDL)
def _compile_raw(element: RawDDL, compiler: DDLCompiler, **_: Any) -> str:
    doubled = doubles_percents(compiler.preparer)
    return element.text.replace("%", "%%") if doubled else element.text


def text_of(ready: CompiledDDL | RawDDL) -> str:
    """Return the text of a statement that is ready to run."""
    return ready.text if isinstance(ready, RawDDL) else str(ready.compiled)


class CompiledDDL(ExecutableDDLElement):
    """A compiled DDL element; executing it does not compile it again.

    >>> from sqlalchemy.dialects import sqlite
    >>> str(CompiledDDL(RawDDL("DROP TABLE a"), sqlite.dialect()).compile(dialect=sqlite.dialect()))
    'DROP TABLE a'
    """

    inherit_cache = False

    def __init__(self, element: ExecutableDDLElement, dialect: Dialect) -> None:
        self.element = element
        self.compiled = element.compile(dialect=dialect)

    def compile(self, *args: Any, **stated: Any) -> Compiled:
        """Return the compiled text; another dialect or schema map compiles it again."""
        other = stated.get("dialect") is not self.compiled.dialect
        if other or args or stated.get("schema_translate_map"):
            return self.element.compile(*args, **stated)
        return self.compiled
