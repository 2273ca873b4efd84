"""Hypothesis strategies: values (`schemas`), and the tables that people declare (`tables`).

Both know every name of the type registry. A table is declared with what SQLAlchemy takes, so that it
has spellings that no value has: keys, conventions, expressions built in Python.
"""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from alembic_moltres.schema import (
    DDL,
    SQL,
    ColumnDef,
    Constraint,
    Index,
    Now,
    TableSchema,
    check,
    column,
    computed,
    conv,
    ddl,
    exclude,
    foreign_key,
    identity,
    index,
    primary_key,
    quoted_name,
    sequence,
    sql,
    unique,
)

DIALECT_NAMES = ("sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle")

letters = st.text(string.ascii_lowercase, min_size=1, max_size=6)
odd_texts = st.one_of(
    st.text([*"abcZ09_ .:;%'\"`[](){}\\/$#-?@&=<>\t\n", "ß", "é", "日"], min_size=1, max_size=12),
    st.sampled_from(["%%", "%(x)s", "''", "\\:a", ":a", "it's 100%"]),
)
reserved = st.sampled_from(["order", "select", "user", "table", "Key", "GROUP"])
plain_names = st.one_of(letters, reserved, letters.map(str.title), odd_texts)
names = st.one_of(plain_names, st.builds(quoted_name, plain_names, st.booleans()))
"""A table's or column's name."""

constraint_names = st.one_of(
    st.none(), plain_names, st.builds(conv, st.text("abc_", min_size=64, max_size=80))
)
long_names = st.text("abc", min_size=64, max_size=70)
comments = st.one_of(st.none(), odd_texts)
schema_names = st.one_of(st.none(), letters, odd_texts)

_small = st.integers(1, 60)
_quoted = st.text("abc '\"%:\\é", min_size=1, max_size=6).map(repr)
_labels = st.lists(_quoted, min_size=1, max_size=3, unique=True).map(",".join)
_type_name = st.text("abcXY_ ", min_size=1, max_size=6).map(repr)

plain_types = st.sampled_from(
    [
        *("INTEGER", "BIGINT", "SMALLINT", "VARCHAR", "TEXT", "NVARCHAR", "NTEXT", "CHAR", "DATE"),
        *("TIMESTAMP", "TIMESTAMP(timezone=True)", "TIME", "TIME(timezone=True)", "INTERVAL"),
        *(
            "BOOLEAN",
            "REAL",
            "DOUBLE",
            "DECIMAL",
            "JSON",
            "UUID",
            "UUID(native_uuid=False)",
            "BLOB",
        ),
        *("sql.INTEGER", "sql.VARCHAR(5)", "sql.TIMESTAMP", "sql.REAL", "sql.NUMERIC(5,2)"),
        *("sql.CLOB", "sql.BINARY(4)", "sql.UUID", "sql.DOUBLE_PRECISION", "sql.BOOLEAN"),
        *("postgresql.JSONB", "postgresql.INET", "postgresql.TSVECTOR", "postgresql.BIT(3)"),
        *("postgresql.HSTORE", "postgresql.INT4RANGE", "postgresql.TIMESTAMP(precision=3)"),
        *("mysql.INTEGER(5,unsigned=True)", "mysql.LONGTEXT", "mysql.YEAR", "mysql.BIT(2)"),
        *("mysql.DATETIME(fsp=3)", "mysql.TINYINT(1)", "mssql.DATETIMEOFFSET(3)", "mssql.XML"),
        *("mssql.NTEXT", "mssql.MONEY", "oracle.NUMBER(5,2)", "oracle.RAW(4)", "oracle.NCLOB"),
        *("CUSTOM('geometry(POINT,4326)')", "CUSTOM('a \\'b\\' 5% : c')"),
    ]
)
_sized = st.sampled_from(["VARCHAR", "NVARCHAR", "CHAR", "BLOB", "TEXT", "mysql.VARCHAR"])
types = st.one_of(
    plain_types,
    st.builds("{}({})".format, _sized, _small),
    st.builds("VARCHAR({},collation={})".format, _small, _type_name),
    st.builds("DECIMAL({},{})".format, _small, st.integers(0, 9)),
    st.builds("ENUM({},name={})".format, _labels, _type_name),
    st.builds("ENUM({},native_enum=False,length=50)".format, _labels),
    st.builds("mysql.ENUM({},charset='utf8mb4')".format, _labels),
    st.builds("postgresql.ENUM({},name={},schema='own')".format, _labels, _type_name),
    st.builds("postgresql.ARRAY({})".format, st.sampled_from(["INTEGER", "VARCHAR(5)"])),
    st.builds("postgresql.DOMAIN(INTEGER,name={},check='VALUE > 0')".format, _type_name),
)
"""The name of a type."""

dialect_texts = st.dictionaries(st.sampled_from(DIALECT_NAMES), odd_texts, max_size=2)
_written = odd_texts.filter(str.strip)
expressions = st.builds(
    lambda text, variants: sql(text, **{d: t for d, t in variants.items() if t.strip()}),
    _written,
    dialect_texts,
)
finite = st.floats(allow_nan=False, allow_infinity=False)
defaults = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    finite,
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    odd_texts,
    st.just(""),
    st.binary(max_size=5),
    expressions,
    st.just(Now()),
)
conditions = st.one_of(
    st.just(()), st.lists(st.sampled_from(DIALECT_NAMES), unique=True, max_size=2).map(tuple)
)
_number = st.one_of(st.none(), st.integers(-5, 1000))
_flag = st.one_of(st.none(), st.booleans())
_counting = {
    **dict.fromkeys(("start", "increment", "minvalue", "maxvalue", "cache"), _number),
    **dict.fromkeys(("nominvalue", "nomaxvalue", "cycle", "order"), _flag),
}
identities = st.builds(identity, always=st.booleans(), on_null=_flag, **_counting)
sequences = st.builds(
    sequence,
    names,
    schema=schema_names,
    data_type=st.sampled_from([None, "INTEGER", "BIGINT"]),
    optional=st.booleans(),
    **_counting,
)
shared: dict[str, st.SearchStrategy[Any]] = {
    "name": constraint_names,
    "deferrable": _flag,
    "initially": st.sampled_from([None, "DEFERRED", "IMMEDIATE"]),
    "comment": comments,
    "ddl_if": conditions,
}
checks = st.builds(check, expressions, **shared)


@st.composite
def columns(draw: st.DrawFn, name: str) -> ColumnDef:
    """Draw a column; what fills it is at most one of everything that there is."""
    filled: dict[str, Any] = draw(
        st.one_of(
            st.fixed_dictionaries({"default": defaults}),
            st.fixed_dictionaries({"computed": st.builds(computed, expressions, _flag)}),
            st.fixed_dictionaries({"identity": identities}),
            st.fixed_dictionaries({"sequence": sequences}),
        )
    )
    variants = st.dictionaries(st.sampled_from(DIALECT_NAMES), plain_types, max_size=2)
    options = {"sqlite_on_conflict_not_null": "FAIL"} if draw(st.booleans()) else {}
    counting: list[bool | str] = ["auto", "ignore_fk" if "identity" in filled else False]
    return column(
        name,
        draw(types),
        draw(st.booleans()),
        comment=draw(comments),
        type_variants=draw(variants),
        autoincrement=draw(st.sampled_from(counting)),
        constraints=draw(st.lists(checks, max_size=1)),
        dialect_options=options,
        **filled,
    )


def _some(own: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True)


_KEY_OPTIONS: list[dict[str, Any]] = [{}, {"mssql_clustered": True}, {"sqlite_on_conflict": "FAIL"}]


@st.composite
def _foreign_keys(draw: st.DrawFn, own: list[str]) -> Constraint:
    referring = draw(_some(own))
    action = st.sampled_from([None, "CASCADE", "SET NULL"])
    return foreign_key(
        referring,
        draw(letters.map("far_{}".format)),
        [f"{place}{draw(letters)}" for place in range(len(referring))],
        on_delete=draw(action),
        on_update=draw(action),
        references_schema=draw(schema_names),
        match=draw(st.sampled_from([None, "FULL"])),
        use_alter=draw(st.booleans()),
        **{key: draw(strategy) for key, strategy in shared.items()},
    )


@st.composite
def _excludes(draw: st.DrawFn, own: list[str]) -> Constraint:
    element = st.one_of(st.sampled_from(own), _written.map(SQL))
    return exclude(
        *draw(st.lists(st.tuples(element, st.sampled_from(["=", "&&"])), min_size=1, max_size=2)),
        using=draw(st.sampled_from(["gist", "spgist"])),
        where=draw(st.one_of(st.none(), _written.map(SQL))),
        **{key: draw(strategy) for key, strategy in shared.items()},
    )


def constraints(own: list[str]) -> st.SearchStrategy[Constraint]:
    """Draw a constraint of a table with the columns `own`; no primary key."""
    options = st.sampled_from(_KEY_OPTIONS)
    return st.one_of(
        st.builds(unique, _some(own), dialect_options=options, **shared),
        checks,
        _foreign_keys(own),
        _excludes(own),
    )


@st.composite
def indexes(draw: st.DrawFn, own: list[str], name: str) -> Index:
    """Draw an index of a table with the columns `own`."""
    first = draw(st.sampled_from(own))
    options: dict[str, st.SearchStrategy[Any]] = {
        "postgresql_where": expressions,
        "sqlite_where": expressions,
        "mssql_where": expressions,
        "postgresql_using": st.sampled_from(["gin", "brin"]),
        "postgresql_ops": st.just({str(first): "text_pattern_ops"}),
        "postgresql_include": _some(own),
        "postgresql_with": st.just({"fillfactor": 50}),
        "postgresql_nulls_not_distinct": st.booleans(),
        "mysql_length": st.one_of(_small, st.just({str(first): 5})),
        "mysql_prefix": st.just("FULLTEXT"),
        "mysql_using": st.just("hash"),
        "mariadb_using": st.just("btree"),
        "mssql_clustered": st.booleans(),
        "mssql_include": _some(own),
        "oracle_bitmap": st.booleans(),
        "oracle_compress": st.one_of(st.booleans(), _small),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True))
    more = draw(st.lists(st.one_of(st.sampled_from(own), expressions), max_size=2))
    return index(
        name,
        [first, *more],
        draw(st.booleans()),
        dialect_options={key: draw(options[key]) for key in chosen},
        ddl_if=draw(conditions),
    )


attached: st.SearchStrategy[DDL] = st.builds(
    ddl,
    st.sampled_from(DDL.EVENTS),
    odd_texts.map(lambda text: text.replace("%", "%%") + " %(table)s"),
    context=st.sampled_from([{}, {"who": "it's", "n": 5}]),
    ddl_if=conditions,
)
table_options: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"},
        {"sqlite_autoincrement": True, "sqlite_with_rowid": False},
        {"postgresql_partition_by": "RANGE (x)", "postgresql_inherits": ["a", "b"]},
        {"oracle_compress": 5, "mariadb_engine": "Aria"},
    ]
)


@st.composite
def schemas(draw: st.DrawFn) -> TableSchema:
    """Draw the value of a table with everything that belongs to it."""
    own = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    key_options = st.sampled_from(_KEY_OPTIONS)
    keys = st.builds(primary_key, _some(own), dialect_options=key_options, **shared)
    index_names = st.lists(st.one_of(plain_names, long_names), max_size=2, unique=True)
    temporary = draw(st.booleans())
    return TableSchema(
        draw(names),
        [draw(columns(name)) for name in own],
        temporary=temporary,
        constraints=[
            *draw(st.lists(keys, max_size=1)),
            *draw(st.lists(constraints(own), max_size=3)),
        ],
        indexes=[draw(indexes(own, name)) for name in draw(index_names)],
        schema=draw(schema_names),
        comment=draw(comments),
        prefixes=() if temporary else draw(st.sampled_from([(), ("UNLOGGED",)])),
        dialect_options=draw(table_options),
        ddl=draw(st.lists(attached, max_size=2)),
    )
