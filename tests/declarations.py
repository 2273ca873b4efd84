"""Hypothesis strategies for tables as people declare them, with what no value has.

Keys beside names, naming conventions, expressions and defaults built in Python, types that add a
CHECK, decorators, variants, defaults that DDL does not show. `strategies` has the values.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv
from sqlalchemy.sql.elements import quoted_name as sa_quoted_name

from alembic_moltres.types import moltres_type_to_sqlalchemy_type
from tests.strategies import (
    DIALECT_NAMES,
    comments,
    letters,
    odd_texts,
    plain_names,
    plain_types,
    schema_names,
    table_options,
    types,
)

Metadata = sa.MetaData
Build = Callable[[sa.Table, Any], Any]


class Colour(enum.Enum):
    """Labels with everything that a label can have."""

    RED = "it's red"
    GREEN = "50% green: \\"


class Guid(sa.TypeDecorator[str]):
    """A type that differs by dialect."""

    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        native: Any = postgresql.UUID()
        return dialect.type_descriptor(native if dialect.name == "postgresql" else sa.CHAR(32))


class Flag(sa.TypeDecorator[bool]):
    """A decorator over a type that adds a CHECK."""

    impl = sa.Boolean(create_constraint=True, name="flag")
    cache_ok = True


class Shade(sa.TypeDecorator[Colour]):
    """A decorator over an enum that adds a CHECK."""

    impl = sa.Enum(Colour, native_enum=False, create_constraint=True, name="shade")
    cache_ok = True


CONVENTIONS: list[dict[Any, Any]] = [
    {},
    {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
    {
        "ix": "%(both)s_%(column_0_N_name)s",
        "uq": "uq_%(column_0_N_key)s_" + "x" * 50,
        "pk": "`%(table_name)s`'%%",
        "both": lambda constraint, table: f"{table.name}_{len(list(constraint.columns))}",
    },
]


def _called(make: Any) -> Any:
    return make()


decorated: st.SearchStrategy[Any] = st.sampled_from(
    [
        Guid,
        Flag,
        Shade,
        lambda: sa.Boolean(create_constraint=True, name="named"),
        lambda: sa.Enum(Colour, name="colour", create_constraint=True),
        lambda: sa.Enum("a", "b", native_enum=False, name="ab", create_constraint=True),
        lambda: sa.Enum(Colour, name="own", schema="own"),
        lambda: sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
        lambda: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        lambda: sa.String(5).with_variant(sa.Boolean(create_constraint=True, name="v"), "sqlite"),
        lambda: postgresql.ARRAY(sa.Enum(Colour, name="inside")),
        sa.PickleType,
        sa.Interval,
    ]
).map(_called)
column_types = st.one_of(
    st.builds(sa.Integer),
    types.map(moltres_type_to_sqlalchemy_type),
    decorated,
    st.builds(
        lambda first, second, dialect: moltres_type_to_sqlalchemy_type(first).with_variant(
            moltres_type_to_sqlalchemy_type(second), dialect
        ),
        plain_types,
        plain_types,
        st.sampled_from(DIALECT_NAMES),
    ),
)
texts = odd_texts.filter(str.strip).map(lambda text: text.replace(":", "\\:"))
server_defaults: st.SearchStrategy[Any] = st.one_of(
    odd_texts,
    texts.map(sa.text),
    odd_texts.map(sa.literal),
    st.sampled_from(
        [
            sa.func.now,
            sa.true,
            sa.false,
            sa.null,
            sa.FetchedValue,
            lambda: sa.func.now(3),
            lambda: sa.func.lower("50%"),
            lambda: sa.literal(Decimal("1.50")),
            lambda: sa.literal(dt.date(2020, 2, 29)),
            sa.func.current_timestamp,
            lambda: sa.Sequence("of_server").next_value(),
        ]
    ).map(_called),
)
fillings: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"server_default": server_defaults}),
    st.sampled_from([{"default": 5}, {"default": dict}, {"default": sa.func.random()}]),
    st.sampled_from([{"autoincrement": False}, {"autoincrement": "ignore_fk"}]),
)
generators: st.SearchStrategy[list[Any]] = st.one_of(
    st.just([]),
    texts.map(lambda text: [sa.Computed(text, persisted=True)]),
    st.integers(0, 9).map(lambda number: [sa.Computed(sa.column("x y") + number)]),
    st.integers(0, 9).map(lambda start: [sa.Identity(start=start, always=start > 5)]),
    odd_texts.map(lambda name: [sa.Sequence(name, start=3)]),
)
names = st.one_of(
    plain_names,
    plain_names.map(lambda name: sa_quoted_name(name, quote=True)),
    letters.map(str.title).map(lambda name: sa_quoted_name(name, quote=False)),
)


@st.composite
def declared_columns(draw: st.DrawFn, name: str) -> sa.Column[Any]:
    """Draw a column with everything that people say of it."""
    made = draw(generators)
    type_ = sa.Integer() if made else draw(column_types)
    filled = {} if made else draw(fillings)
    checks = draw(st.lists(texts.map(sa.CheckConstraint), max_size=1))
    nullable: list[dict[str, Any]] = [{}, {"nullable": True}, {"nullable": False}]
    flags: list[dict[str, Any]] = [{}, {"unique": True}, {"index": True}, {"quote": True}]
    return sa.Column(
        name,
        type_,
        *made,
        *checks,
        key=f"key of {name}" if draw(st.booleans()) else name,
        comment=draw(comments),
        # MariaDB refuses a computed column in a primary key, and its compiler changes the column
        primary_key=draw(st.booleans()) and not any(isinstance(each, sa.Computed) for each in made),
        **draw(st.sampled_from(nullable[: 1 if made else 3])),
        **draw(st.sampled_from(flags)),
        **filled,
    )


CONDITIONS: list[Build] = [
    lambda table, column: column.is_(None),
    lambda table, column: column == sa.literal("it's 5%"),
    lambda table, column: column.in_(["a", "50%"]),
    lambda table, column: column.notin_([1, 2]),
    lambda table, column: sa.cast(column, sa.Integer) % 5 > 1,
    lambda table, column: sa.func.lower(column).like("a%"),
    lambda table, column: sa.or_(column > 5, sa.not_(column < 7)),
    lambda table, column: sa.func.coalesce(column, dt.date(2020, 2, 29)) < sa.func.now(),
    lambda table, column: sa.text("a % 2 = 1 AND b \\:\\: c"),
]
STRING = sa.String(9)
ELEMENTS: list[Build] = [
    lambda table, column: column,
    lambda table, column: column.desc(),
    lambda table, column: column.asc().nulls_last(),
    lambda table, column: sa.func.lower(column),
    lambda table, column: sa.func.lower(column).desc(),
    lambda table, column: (column + 1).label("labelled"),
    lambda table, column: sa.cast(column, sa.String(5)),
    lambda table, column: sa.text("lower(x) text_pattern_ops"),
    lambda table, column: sa.func.coalesce(column, "50%"),
    lambda table, column: sa.cast(column, STRING).collate("C"),
]


@st.composite
def declared_constraints(draw: st.DrawFn, table: sa.Table) -> sa.schema.Constraint:
    """Draw a constraint that is built from the table's own columns."""
    own = list(table.columns)
    chosen = draw(st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True))
    name = draw(st.one_of(letters, st.text("n", min_size=64, max_size=70).map(conv)))
    said: dict[str, Any] = draw(
        st.sampled_from([{}, {"deferrable": True, "initially": "DEFERRED"}, {"comment": "it's %"}])
    )
    if draw(st.booleans()):
        condition = draw(st.sampled_from(CONDITIONS))(table, sa.type_coerce(chosen[0], STRING))
        return sa.CheckConstraint(condition, name=name, **said)
    if draw(st.booleans()):
        return sa.UniqueConstraint(*chosen, name=name, **said)
    use_alter = draw(st.booleans())
    return sa.ForeignKeyConstraint(chosen, chosen, name=name, use_alter=use_alter, **said)


@st.composite
def declared_indexes(draw: st.DrawFn, table: sa.Table, name: str) -> sa.Index:
    """Draw an index over columns and expressions, with dialects' own arguments."""
    column = draw(st.sampled_from(list(table.columns)))
    typed = sa.Column(column.name, STRING)
    elements = draw(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=2, unique=True))
    condition = draw(st.sampled_from(CONDITIONS))(table, typed)
    options: dict[str, Any] = draw(
        st.sampled_from(
            [
                {},
                {"postgresql_where": condition, "sqlite_where": condition},
                {"mssql_where": condition, "mssql_clustered": True, "mssql_include": [column.key]},
                {"postgresql_ops": {column.key: "text_ops", "labelled": "int4_ops"}},
                {"postgresql_include": [column.key], "postgresql_using": "btree"},
                {"postgresql_with": {"fillfactor": 50}, "postgresql_nulls_not_distinct": True},
                {"mysql_length": {column.name: 5}, "mysql_prefix": "FULLTEXT"},
                {"mysql_length": 5, "mariadb_length": 7, "mysql_using": "hash"},
                {"oracle_bitmap": True, "oracle_compress": 2},
            ]
        )
    )
    made: Any = sa.Index(
        name,
        *[build(table, column) for build in elements],
        unique=draw(st.booleans()),
        _table=table,
        **options,
    )
    return made.ddl_if(dialect="mysql") if draw(st.booleans()) else made  # type: ignore[no-any-return]


@st.composite
def tables(draw: st.DrawFn) -> sa.Table:
    """Draw a table with everything that belongs to it."""
    metadata = sa.MetaData(
        schema=draw(st.sampled_from([None, "shop"])),
        naming_convention=draw(st.sampled_from(CONVENTIONS)) or None,
    )
    own = draw(st.lists(names, min_size=1, max_size=4, unique_by=str))
    table = sa.Table(
        draw(names),
        metadata,
        *[draw(declared_columns(name)) for name in own],
        schema=draw(schema_names),
        comment=draw(comments),
        prefixes=draw(st.sampled_from([[], ["TEMPORARY"], ["UNLOGGED"]])),
        **draw(table_options),
    )
    for _ in range(draw(st.integers(0, 2))):
        table.append_constraint(draw(declared_constraints(table)))
    for name in draw(st.lists(letters, max_size=2, unique=True)):
        draw(declared_indexes(table, name))
    if draw(st.booleans()):
        text: Any = sa.DDL
        sa.event.listen(table, "after_create", text("ANALYZE %(fullname)s -- 100%%"))
    return table
