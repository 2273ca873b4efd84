"""Creates and drops enum types and domains, which are named objects outside the tables.

They are created with the first table that uses them and dropped with the last one. The statement is
the same online and with `--sql`: a DO block checks whether the type exists, whether it is equal,
and whether it is still used. A type with `create_type=False` is never created or dropped.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DropSequence, ExecutableDDLElement
from sqlalchemy.types import ARRAY, TypeDecorator, TypeEngine

from ...errors import OperationError
from ...schema.names import qualified_name
from ...sqla_compat import doubles_percents, variants_of
from ..base.rejections import REMEDIES, Rejection
from ..base.statement import Statement
from .do_block import do_block, drop_unused, literal
from .errors import OTHER_DEFINITION

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import DDLCompiler

DEFINITION = """$definition$
            SELECT concat_ws(
                ' ',
                pg_catalog.format_type(t.typbasetype, t.typtypmod),
                CASE WHEN t.typcollation <> 0 THEN 'COLLATE ' || t.typcollation::regcollation END,
                'DEFAULT ' || t.typdefault,
                CASE WHEN t.typnotnull THEN 'NOT NULL' END,
                (
                    SELECT string_agg(pg_catalog.pg_get_constraintdef(c.oid), ' ')
                    FROM pg_catalog.pg_constraint AS c
                    WHERE c.contypid = t.oid AND c.contype = 'c'
                )
            )
            FROM pg_catalog.pg_type AS t WHERE t.oid = $1 AND t.typtype = 'd'
        $definition$"""
"""The query for a domain's normalised definition; a domain here has one CHECK."""


class _OfNamedType(ExecutableDDLElement):
    def __init__(self, type_: Any) -> None:
        self.type = type_

    @property
    def name(self) -> str:
        """The type's name with its schema, for errors."""
        return qualified_name(str(self.type.name), self.type.schema)


class CreateNamedType(_OfNamedType):
    """Create a type, or accept an existing one if it is equal."""

    inherit_cache = False


class DropNamedType(_OfNamedType):
    """Drop a type, unless something still depends on it."""

    inherit_cache = False


class DropUnusedSequence(DropSequence):
    """Drop a sequence, unless something in the database still depends on it."""

    inherit_cache = False


@compiles(DropUnusedSequence)
def _drop_sequence(element: DropUnusedSequence, compiler: DDLCompiler, **_: Any) -> str:
    return drop_unused(compiler.visit_drop_sequence(element))  # type: ignore[no-untyped-call]


def refuse_domain(element: CreateNamedType, compiler: DDLCompiler) -> None:
    """Refuse a domain, for a database that extends PostgreSQL and has none.

    Raises:
        OperationError: it is a domain.
    """
    from sqlalchemy.dialects.postgresql import ENUM

    if not isinstance(element.type, ENUM):
        raise OperationError(
            f"{compiler.dialect.name} has no domains (at the type {element.name!r}); give the "
            "column the type and a check, with type_variants",
            element.type,
        )


def drop_enum_type(element: DropNamedType, compiler: DDLCompiler) -> str:
    """Return DROP TYPE IF EXISTS, without a DO block."""
    return f"DROP TYPE IF EXISTS {format_type(element, compiler)}"


def create_types(table: sa.Table, dialect: Dialect) -> list[CreateNamedType]:
    """Return the statements that create a table's types, base types first."""
    return [CreateNamedType(type_) for type_ in named_types(table, dialect)]


def drop_types(table: sa.Table, dialect: Dialect) -> list[DropNamedType]:
    """Return the statements that drop a table's types, base types last."""
    return [DropNamedType(type_) for type_ in reversed(named_types(table, dialect))]


def type_statements(made: Iterable[CreateNamedType | DropNamedType]) -> list[Statement]:
    """Return these statements with their types as subjects for errors."""
    return [Statement(each, f"the type {each.name!r}") for each in made]


def named_types(table: sa.Table, dialect: Dialect) -> list[Any]:
    """Return the enum types and domains of a table's columns on this dialect, each once.

    A type without a name is left out: the table's own statement reports its column.
    """
    types: dict[tuple[Any, Any], Any] = {}
    for column in table.columns:
        for type_ in _within(column.type, dialect):
            if type_.create_type and type_.name:
                types.setdefault((type_.schema, type_.name), type_)
    return list(types.values())


def _within(type_: TypeEngine[Any], dialect: Dialect) -> Iterator[Any]:
    """Yield the named types inside a type on this dialect, innermost first."""
    from sqlalchemy.dialects.postgresql import DOMAIN, ENUM

    actual: Any = variants_of(type_).get(dialect.name, type_)
    try:
        if not isinstance(actual, DOMAIN):  # adapting one loses its CHECK in early 2.0
            actual = actual.dialect_impl(dialect)
    except TypeError:  # another dialect's own type, which cannot be compiled with the table
        return
    while isinstance(actual, TypeDecorator):
        actual = actual.impl_instance.dialect_impl(dialect)
    if isinstance(actual, ARRAY):
        yield from _within(actual.item_type, dialect)
    elif isinstance(actual, DOMAIN):
        yield from _within(actual.data_type, dialect)
        yield actual
    elif isinstance(actual, ENUM) and dialect.supports_native_enum:
        yield actual


@compiles(CreateNamedType)
def _create(element: CreateNamedType, compiler: DDLCompiler, **_: Any) -> str:
    from sqlalchemy.dialects.postgresql import ENUM, CreateDomainType

    name, type_ = format_type(element, compiler), element.type
    if not isinstance(type_, ENUM):
        twin = copy.copy(type_)
        twin.schema, twin.name = "pg_temp", "moltres_wanted"
        domains = (compiler.process(CreateDomainType(each)) for each in (type_, twin))
        return _create_domain(name, *domains)
    labels = ", ".join(_literal(label, compiler) for label in type_.enums)
    return _create_enum(name, f"CREATE TYPE {name} AS ENUM ({labels})", labels)


@compiles(DropNamedType)
def _drop(element: DropNamedType, compiler: DDLCompiler, **_: Any) -> str:
    from sqlalchemy.dialects.postgresql import ENUM

    kind = "TYPE" if isinstance(element.type, ENUM) else "DOMAIN"
    statement = f"DROP {kind} IF EXISTS {format_type(element, compiler)}"
    return drop_unused(statement)


def format_type(element: CreateNamedType | DropNamedType, compiler: DDLCompiler) -> str:
    """Return a type's name as SQL."""
    preparer: Any = compiler.preparer  # PostgreSQL's
    return str(preparer.format_type(element.type))


def _literal(label: str, compiler: DDLCompiler) -> str:
    written = literal(label)
    return written.replace("%", "%%") if doubles_percents(compiler.preparer) else written


def _create_enum(name: str, create: str, labels: str) -> str:
    return do_block(f"""\
BEGIN
    {create};
EXCEPTION WHEN duplicate_object THEN
    DECLARE
        wanted text[] := ARRAY[{labels}]::text[];
        found text[] := ARRAY(
            SELECT enumlabel::text FROM pg_catalog.pg_enum
            WHERE enumtypid = {literal(name)}::regtype ORDER BY enumsortorder
        );
    BEGIN
        IF found <> wanted THEN
            RAISE EXCEPTION USING
                ERRCODE = '{OTHER_DEFINITION}',
                MESSAGE = 'the enum type ' || {literal(name)} || ' exists with the labels '
                    || found::text || ', and ' || wanted::text || ' are wanted',
                HINT = '{REMEDIES[Rejection.OTHER_DEFINITION]}';
        END IF;
    END;
END""")


def _create_domain(name: str, create: str, twin: str) -> str:
    """Return the block that creates a domain.

    An existing one is compared with a temporary copy; the database normalises both.
    """
    return do_block(f"""\
BEGIN
    {create};
EXCEPTION WHEN duplicate_object THEN
    DECLARE
        definition text := {DEFINITION};
        found text;
        wanted text;
    BEGIN
        {twin};
        EXECUTE definition INTO found USING {literal(name)}::regtype;
        EXECUTE definition INTO wanted USING 'pg_temp.moltres_wanted'::regtype;
        DROP DOMAIN pg_temp.moltres_wanted;
        IF found IS DISTINCT FROM wanted THEN
            RAISE EXCEPTION USING
                ERRCODE = '{OTHER_DEFINITION}',
                MESSAGE = 'the domain ' || {literal(name)} || ' exists as '
                    || coalesce(found, 'another kind of type')
                    || ', and ' || wanted || ' is wanted',
                HINT = '{REMEDIES[Rejection.OTHER_DEFINITION]}';
        END IF;
    END;
END""")
