"""The helper functions that scripts call. They accept the convenient forms.

What Moltres' own functions of the same names accept, these accept too, in the same order, but for
`unique('a', 'b')`: a name that SQLAlchemy's users mean as a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .base import EMPTY, Value
from .columns import ColumnDef, Default
from .constraints import (
    CheckConstraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .dialects import JSONB
from .expressions import SQL, as_sql
from .generated import Computed, Identity, Sequence
from .indexes import Index
from .sqlalchemy_arguments import keywords
from .tables import DDL

Names = str | Iterable[str]
Options = Mapping[str, Any]


def names(given: Names) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    return (given,) if isinstance(given, str | Value) else tuple(given)


@keywords("column('age', 'INTEGER', nullable=False)")
def column(
    name: str,
    type_name: str,
    nullable: bool = True,
    default: Default | None = None,
    primary_key: bool = False,
    precision: int | None = None,
    scale: int | None = None,
    *,
    type_variants: Mapping[str, str] = EMPTY,
    computed: Computed | None = None,
    identity: Identity | None = None,
    sequence: Sequence | None = None,
    autoincrement: bool | str = "auto",
    comment: str | None = None,
    constraints: Iterable[CheckConstraint] = (),
    dialect_options: Options = EMPTY,
) -> ColumnDef:
    """Make a column; see `ColumnDef`.

    >>> column("price", "decimal", precision=10, scale=2)
    column('price', 'DECIMAL(10,2)')
    """
    return ColumnDef(
        name,
        type_name,
        nullable,
        default,
        primary_key,
        precision,
        scale,
        type_variants=type_variants,
        computed=computed,
        identity=identity,
        sequence=sequence,
        autoincrement=autoincrement,
        comment=comment,
        constraints=tuple(constraints),
        dialect_options=dialect_options,
    )


@keywords("decimal('price', 10, 2)")
def decimal(
    name: str,
    precision: int,
    scale: int = 0,
    nullable: bool = True,
    default: Default | None = None,
    primary_key: bool = False,
) -> ColumnDef:
    """Make a `DECIMAL(precision, scale)` column.

    >>> decimal("price", 10, 2)
    column('price', 'DECIMAL(10,2)')
    """
    return column(name, "DECIMAL", nullable, default, primary_key, precision, scale)


@keywords("uuid('key', nullable=False)")
def uuid(
    name: str, nullable: bool = True, default: Default | None = None, primary_key: bool = False
) -> ColumnDef:
    """Make a `UUID` column.

    >>> uuid("key", nullable=False)
    column('key', 'UUID', nullable=False)
    """
    return column(name, "UUID", nullable, default, primary_key)


@keywords("json('extra')")
def json(
    name: str, nullable: bool = True, default: Default | None = None, jsonb: bool = False
) -> ColumnDef:
    """Make a `JSON` column; `jsonb=True` makes it JSONB on PostgreSQL.

    >>> json("extra", jsonb=True)
    column('extra', 'JSON', type_variants={'postgresql': 'postgresql.JSONB'})
    """
    return column(name, "JSON", nullable, default, type_variants=JSONB if jsonb else {})


@keywords("computed('price * quantity', persisted=True)")
def computed(expression: SQL | str, persisted: bool | None = None) -> Computed:
    """Make the expression of a generated column; see `Computed`.

    >>> computed("price * quantity", persisted=True)
    computed('price * quantity', persisted=True)
    """
    return Computed(as_sql(expression), persisted)


@keywords("identity(always=True, start=1)")
def identity(always: bool = False, **options: Any) -> Identity:
    """Make the identity of a column; `options` are the fields of `Identity`.

    >>> identity(start=100)
    identity(start=100)
    """
    return Identity(always=always, **options)


@keywords("sequence('numbers', start=1)")
def sequence(name: str, **options: Any) -> Sequence:
    """Make a sequence; `options` are the fields of `Sequence`.

    >>> sequence("order_numbers", start=1000)
    sequence('order_numbers', start=1000)
    """
    return Sequence(name, **options)


@keywords("primary_key(['id'], name='pk_name')")
def primary_key(columns: Names, name: str | None = None, **options: Any) -> PrimaryKeyConstraint:
    """Make a primary key; `options` are the further fields of `PrimaryKeyConstraint`.

    >>> primary_key(["order_id", "line"], name="pk_lines")
    primary_key(['order_id', 'line'], name='pk_lines')
    """
    return PrimaryKeyConstraint(names(columns), name, **_options(options))


@keywords("unique(['email'], name='uq_name')")
def unique(columns: Names, name: str | None = None, **options: Any) -> UniqueConstraint:
    """Make a unique constraint; `options` are the further fields of `UniqueConstraint`.

    >>> unique("email", name="uq_users_email")
    unique('email', name='uq_users_email')
    """
    return UniqueConstraint(names(columns), name, **_options(options))


@keywords("check('age > 0', name='ck_name')")
def check(expression: SQL | str, name: str | None = None, **options: Any) -> CheckConstraint:
    """Make a check constraint; `options` are the further fields of `CheckConstraint`.

    >>> check("length(name) > 0", name="ck_users_name")
    check('length(name) > 0', name='ck_users_name')
    """
    return CheckConstraint(as_sql(expression), name, **_options(options))


@keywords("foreign_key('user_id', 'users', 'id', name='fk_name')")
def foreign_key(
    columns: Names,
    references_table: str,
    references_columns: Names,
    name: str | None = None,
    on_delete: str | None = None,
    on_update: str | None = None,
    **options: Any,
) -> ForeignKeyConstraint:
    """Make a foreign key; `options` are the further fields of `ForeignKeyConstraint`.

    >>> foreign_key("user_id", "users", "id", on_delete="CASCADE")
    foreign_key('user_id', 'users', 'id', on_delete='CASCADE')
    """
    return ForeignKeyConstraint(
        names(columns),
        references_table,
        names(references_columns),
        name,
        on_delete,
        on_update,
        **_options(options),
    )


@keywords("exclude(('room', '='), ('during', '&&'), name='ex_name')")
def exclude(
    *elements: tuple[str | SQL, str], name: str | None = None, **options: Any
) -> ExcludeConstraint:
    """Make an EXCLUDE constraint; `options` are the further fields of `ExcludeConstraint`.

    >>> exclude(("room", "="), ("during", "&&"), name="ex_bookings")
    exclude(('room', '='), ('during', '&&'), name='ex_bookings')
    """
    return ExcludeConstraint(elements, name, **_options(options))


@keywords("index('ix_name', ['email'], unique=True)")
def index(
    name: str,
    elements: str | SQL | Iterable[str | SQL],
    unique: bool = False,
    *,
    dialect_options: Options = EMPTY,
    ddl_if: Names = (),
    comment: str | None = None,
) -> Index:
    """Make an index; see `Index`.

    >>> from alembic_moltres.schema import sql
    >>> index("ix_users_name", ["name", sql("lower(email)")], unique=True)
    index('ix_users_name', ['name', sql('lower(email)')], unique=True)
    """
    listed: tuple[Any, ...]
    if isinstance(elements, str | SQL) or not isinstance(elements, Iterable):
        listed = (elements,)  # what is neither is refused with what to write
    else:
        listed = tuple(elements)
    return Index(name, listed, unique, dialect_options, names(ddl_if), comment)


@keywords("ddl('after_create', 'CREATE TRIGGER ...')")
def ddl(event: str, statement: str, *, context: Options = EMPTY, ddl_if: Names = ()) -> DDL:
    """Make DDL text that runs with its table; see `DDL`.

    >>> ddl("after_create", "CREATE STATISTICS s ON a, b FROM %(table)s", ddl_if="postgresql")
    ddl('after_create', 'CREATE STATISTICS s ON a, b FROM %(table)s', ddl_if='postgresql')
    """
    return DDL(event, statement, context, names(ddl_if))


def _options(given: dict[str, Any]) -> dict[str, Any]:
    if "ddl_if" in given:
        given["ddl_if"] = names(given["ddl_if"])
    return given
