"""One-line summaries of DO blocks, for people who read a plan. They are never executed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import DropSequence, ExecutableDDLElement

from ...convert.dialects import ddl_compiler
from ..base.statement import RawDDL
from .do_block import literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ...diff import AlterEnum


def short_ddl(ddl: ExecutableDDLElement, dialect: Dialect) -> str | None:
    """Return a one-line summary of a statement; `None` if it is short itself."""
    from .type_ddl import CreateNamedType, DropNamedType, DropUnusedSequence

    compiler: Any = ddl_compiler(dialect)
    match ddl:
        case CreateNamedType():
            return _create(ddl.type, compiler)
        case DropNamedType():
            kind = "TYPE" if _is_enum(ddl.type) else "DOMAIN"
            return f"DROP {kind} {compiler.preparer.format_type(ddl.type)}"
        case DropUnusedSequence():
            return str(compiler.visit_drop_sequence(DropSequence(ddl.element)))
        case RawDDL(short=None, text=text) if text.startswith("DO $"):
            return f"DO /* a block of {len(text.splitlines())} lines */"
        case RawDDL():
            return ddl.short
        case _:
            return None


def _create(type_: Any, compiler: Any) -> str:
    from sqlalchemy.dialects.postgresql import CreateDomainType

    if not _is_enum(type_):
        return str(compiler.process(CreateDomainType(type_)))
    labels = ", ".join(map(literal, type_.enums))
    return f"CREATE TYPE {compiler.preparer.format_type(type_)} AS ENUM ({labels})"


def _is_enum(type_: Any) -> bool:
    from sqlalchemy.dialects.postgresql import ENUM

    return isinstance(type_, ENUM)


def short_alter_enum(change: AlterEnum, name: str, schema: str | None) -> str:
    """Return the statements that change an enum type, on one line.

    >>> from alembic_moltres.diff import AlterEnum
    >>> change = AlterEnum("ENUM('a','b',name='m')", "ENUM('a','x','c',name='m')", {"b": "c"})
    >>> short_alter_enum(change, "m", None)
    "ALTER TYPE m RENAME VALUE 'b' TO 'c'; ALTER TYPE m ADD VALUE 'x' BEFORE 'c'"
    """
    from sqlalchemy.dialects import postgresql

    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    called = f"{preparer.quote(schema)}." if schema else ""
    return "; ".join(_altered(change, f"ALTER TYPE {called}{preparer.quote(name)}"))


def _altered(change: AlterEnum, alter: str) -> Iterator[str]:
    before, after = change.types()
    old = [change.renamed.get(str(label), str(label)) for label in before.args]
    new = [str(label) for label in after.args]
    if [label for label in new if label in old] != old:
        labels = ", ".join(map(literal, new))
        yield f"{alter} /* recreated with ({labels}); its columns are rewritten */"
        return
    for label, renamed in change.renamed.items():
        yield f"{alter} RENAME VALUE {literal(label)} TO {literal(renamed)}"
    for at, label in enumerate(new):
        if label not in old:
            following = [each for each in new[at + 1 :] if each in old]
            place = f" BEFORE {literal(following[0])}" if following else ""
            yield f"{alter} ADD VALUE {literal(label)}{place}"
