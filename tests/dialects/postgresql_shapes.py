"""Tables of every shape that PostgreSQL has, for the law of `test_postgresql.py`."""

from __future__ import annotations

from typing import Any

from alembic_moltres import (
    Index,
    TableSchema,
    check,
    column,
    computed,
    exclude,
    identity,
    index,
    primary_key,
    sequence,
    sql,
    unique,
)
from alembic_moltres.schema import ColumnDef, conv

ID = column("id", "INTEGER", nullable=False)


def c(name: str, type_name: str = "INTEGER", **more: Any) -> ColumnDef:
    return column(name, type_name, **more)


def things(*items: Any, name: str = "things", **more: Any) -> TableSchema:
    columns = [item for item in items if isinstance(item, ColumnDef)]
    constraints = [item for item in items if not isinstance(item, ColumnDef | Index)]
    indexes = [item for item in items if isinstance(item, Index)]
    return TableSchema(name, columns or [ID], constraints=constraints, indexes=indexes, **more)


TYPES = """INTEGER BIGINT SMALLINT VARCHAR VARCHAR(100) TEXT NVARCHAR(20) NTEXT CHAR CHAR(3) TIMESTAMP
TIMESTAMP(timezone=True) DATE TIME TIME(timezone=True) INTERVAL INTERVAL(second_precision=3) BOOLEAN REAL REAL(24) REAL(25)
DOUBLE DECIMAL DECIMAL(10) DECIMAL(10,2) JSON UUID UUID(native_uuid=False) BLOB VARCHAR(5,collation='C') TEXT(collation='C')
ENUM('a','b',name='letters') ENUM('a','b',name='Upper_Case') ENUM("it's",'x:y','50%',name='odd') ENUM('a','bb',native_enum=False)
ENUM('a',name='elsewhere',schema='other') postgresql.ENUM('a','b',name='pg_letters') CUSTOM('point') CUSTOM('int4range[]')
sql.INTEGER sql.BIGINT sql.SMALLINT sql.VARCHAR(7) sql.TEXT sql.TIMESTAMP(timezone=True) sql.DATE sql.TIME sql.BOOLEAN sql.REAL
sql.FLOAT sql.FLOAT(3) sql.DOUBLE_PRECISION sql.NUMERIC(5) sql.NUMERIC(5,5) sql.DECIMAL(3,1) sql.UUID sql.ARRAY(INTEGER)
postgresql.ARRAY(INTEGER) postgresql.ARRAY(VARCHAR(5),dimensions=2) postgresql.ARRAY(ENUM('a',name='in_array'))
postgresql.ARRAY(VARCHAR(5,collation='C')) postgresql.ARRAY(TIMESTAMP(timezone=True)) postgresql.BIT(3) postgresql.BIT(3,varying=True)
postgresql.BIT postgresql.BYTEA postgresql.CIDR postgresql.CITEXT postgresql.DATEMULTIRANGE postgresql.DATERANGE
postgresql.DOMAIN(INTEGER,name='positive',check='VALUE>0') postgresql.DOMAIN(VARCHAR(5),name='Odd',schema='other',not_null=True,default='x')
postgresql.ARRAY(postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')) postgresql.HSTORE postgresql.INET postgresql.INT4MULTIRANGE
postgresql.INT4RANGE postgresql.INT8MULTIRANGE postgresql.INT8RANGE postgresql.INTERVAL postgresql.INTERVAL(precision=2)
postgresql.INTERVAL(fields='DAY TO SECOND',precision=2) postgresql.JSON postgresql.JSONB postgresql.JSONPATH postgresql.MACADDR
postgresql.MACADDR8 postgresql.MONEY postgresql.NUMMULTIRANGE postgresql.NUMRANGE postgresql.OID postgresql.REGCLASS
postgresql.REGCONFIG postgresql.TIME(precision=2) postgresql.TIMESTAMP(precision=3,timezone=True) postgresql.TSMULTIRANGE
postgresql.TSQUERY postgresql.TSRANGE postgresql.TSTZMULTIRANGE postgresql.TSTZRANGE postgresql.TSVECTOR postgresql.UUID"""


DEFAULTS = [
    ("TEXT", "draft"),
    ("TEXT", ""),
    ("VARCHAR(9)", "it's 50% :x"),
    ("TEXT", "back\\slash"),
    ("INTEGER", 0),
    ("INTEGER", -7),
    ("INTEGER", "5"),
    ("BIGINT", 10**12),
    ("SMALLINT", sql("1 + 1")),
    ("BOOLEAN", True),
    ("BOOLEAN", "f"),
    ("DECIMAL(5,2)", sql("1.50")),
    ("REAL", 0.5),
    ("TIMESTAMP", sql.now()),
    ("TIMESTAMP(timezone=True)", sql("CURRENT_TIMESTAMP")),
    ("TIMESTAMP", sql("timezone('utc', now())")),
    ("DATE", "2020-01-01"),
    ("DATE", sql("CURRENT_DATE + 1")),
    ("JSON", "{}"),
    ("postgresql.JSONB", '{"a": ["b", 1]}'),
    ("UUID", sql("gen_random_uuid()")),
    ("BLOB", b"a\x00\xff"),
    ("ENUM('a','b',name='defaulted')", "b"),
    ("postgresql.ARRAY(ENUM('a','b',name='defaulted'))", "{a}"),
    ("postgresql.ARRAY(TEXT)", "{}"),
    ("postgresql.ARRAY(TEXT)", sql("ARRAY['x', 'y']")),
    ("INTEGER", sql("NULL")),
    ("VARCHAR(3)", sql("NULL")),
    ("TEXT", sql("upper('x') || 'y'")),
    ("INTERVAL", "1 day"),
]

CHECKS = [
    "a>0",
    "a BETWEEN 1 AND 5 AND b <> ''",
    "b IN ('x','y')",
    "b NOT IN ('x') OR b IS NULL",
    "b LIKE 'a%' AND b !~ '[:x]'",
    "\"S\" = 'x'",
    "\"S\" IN ('x', 'y')",
    "checked.a > 0",
    "checked IS NOT NULL",
    "length(trim(b)) > 0",
    "CASE WHEN a > 0 THEN b = 'x' ELSE true END",
    "coalesce(a, 0) + 1 > 0",
    "b = 'a' || chr(10)",
    "b COLLATE \"C\" > 'a'",
]

INDEXES: list[Any] = [
    ("a",),
    (["a", "B"],),
    (sql("a DESC"),),
    (["a", sql("t DESC NULLS LAST")],),
    (sql("lower(t)"),),
    (sql("lower(t) text_pattern_ops"), True),
    (sql("(a + 1)"),),
    (sql('t COLLATE "C"'),),
    (sql("(j ->> 'k')"),),
    (sql("to_tsvector('english', t)"), False, {"postgresql_using": "gin"}),
    ("t", False, {"postgresql_using": "hash"}),
    ("j", False, {"postgresql_using": "gin", "postgresql_ops": {"j": "jsonb_path_ops"}}),
    ("t", False, {"postgresql_using": "gin", "postgresql_ops": {"t": "gin_trgm_ops"}}),
    ("t", False, {"postgresql_ops": {"t": "text_ops"}}),
    ("t", False, {"postgresql_using": "GIST", "postgresql_ops": {"t": "gist_trgm_ops(siglen=32)"}}),
    ("a", False, {"postgresql_using": "brin", "postgresql_with": {"pages_per_range": 16}}),
    ("a", False, {"postgresql_with": {"fillfactor": 50}}),
    ("a", True, {"postgresql_where": sql("a > 0 AND t IN ('x', 'y')")}),
    ("a", True, {"postgresql_where": sql("true")}),
    ("a", True, {"postgresql_include": ["t", "B"]}),
    ("a", True, {"postgresql_nulls_not_distinct": True}),
    ("a", False, {"postgresql_tablespace": "pg_default"}),
    (
        "a",
        False,
        {"postgresql_concurrently": False, "mysql_length": 5, "sqlite_where": sql("a > 1")},
    ),
    (["a", "B"], False, {"postgresql_where": sql('"B" is not null')}),
]

EXCLUDES: list[Any] = [
    exclude(("r", "&&")),
    exclude(("r", "&&"), ("a", "="), name="ex_named", using="gist", where=sql("a > 0")),
    exclude((sql("int4range(a, a + 2)"), "&&"), deferrable=True, initially="DEFERRED"),
    exclude(("t", "="), using="gist", ops={"t": "gist_text_ops"}),
]

SHAPES: list[TableSchema] = [
    things(c("id"), primary_key("id"), name="serial"),
    things(c("id", "BIGINT"), primary_key("id", name="pk_named"), name="big"),
    things(c("id", "SMALLINT"), primary_key("id"), name="small"),
    things(c("id", "DECIMAL"), primary_key("id"), name="decimal_key"),
    things(c("id", autoincrement=False), primary_key("id"), name="plain_key"),
    things(c("id", default="3"), primary_key("id"), name="key_with_default"),
    things(c("id", sequence=sequence("own_seq", start=5)), primary_key("id"), name="of_sequence"),
    things(c("id", sequence=sequence("opt", optional=True)), primary_key("id"), name="optional"),
    things(
        c(
            "n",
            default=sql("nextval('numbers')"),
            sequence=sequence("numbers", start=7, increment=3),
        ),
        name="next_value",
    ),
    things(c("a"), c("b", autoincrement=True), primary_key(["a", "b"]), name="composite"),
    things(
        c("a"),
        c("b", autoincrement=True),
        primary_key(["a", "b"], autoincrement_first=True),
        name="first",
    ),
    things(c("a", autoincrement="client"), primary_key("a"), name="client"),
    things(c("a", nullable=True), c("b", "TEXT"), primary_key(["b", "a"]), name="nullable_key"),
    things(c("id", nullable=False, identity=identity()), primary_key("id"), name="identities"),
    things(
        c(
            "id",
            "SMALLINT",
            nullable=False,
            identity=identity(always=True, start=-5, increment=-2, cycle=True, cache=4),
        ),
        name="down",
    ),
    things(c("id", "BIGINT", nullable=False, identity=identity(minvalue=3, maxvalue=90))),
    things(
        c("a"),
        c("g", computed=computed("a*2", persisted=True)),
        c("T", "TEXT", computed=computed("upper('x'||a::text)", persisted=True)),
        name="generated",
    ),
    things(c("a", comment="it's"), c("b", comment=""), comment='50% "x"', name="commented"),
    things(
        c("a", constraints=[check("a > 0"), check("a < 9", name="upper")]),
        check("a <> 5"),
        check("a <> 5"),
        name="of_column",
    ),
    things(c("a"), check(sql("a > 0", postgresql=None)), check("x", ddl_if="mysql"), name="none"),
    things(
        c("a"),
        check("a > 0", name="ck", comment="why", dialect_options={"postgresql_not_valid": True}),
        name="invalid",
    ),
    things(
        c("a"),
        c("B"),
        unique("a"),
        unique(["B", "a"], name="Uq"),
        unique("B", name="uq_d", deferrable=True, initially="DEFERRED"),
        unique("B", name="uq_n", dialect_options={"postgresql_nulls_not_distinct": True}),
        unique("a", name="uq_i", dialect_options={"postgresql_include": ["B"]}, comment="c"),
        name="uniques",
    ),
    things(c("a"), primary_key("a"), unique("a"), unique("a", name="u"), name="folded"),
    things(c("a"), unique("a"), unique("a", name="u"), name="folded_name"),
    things(c("a"), primary_key("a", name="p", deferrable=True, comment="k"), name="late"),
    things(
        c("a"),
        primary_key("a", name=conv("pk_" + "x" * 70)),
        index(conv("ix_" + "y" * 70), "a"),
        name="long_names",
    ),
    things(c("a" * 50), unique("a" * 50), check("a" * 50 + " > 0"), name="b" * 40),
    things(
        c("select"),
        c("Mixed Case"),
        c('q"u%o'),
        primary_key("Mixed Case", name="P%k"),
        unique('q"u%o'),
        check('"select" > 0'),
        index('ix "%', ["select", 'q"u%o']),
        name='Ord"er%',
        comment="x",
    ),
    things(c("a"), name="unlogged", prefixes=["UNLOGGED"]),
    things(
        c("a"),
        c("d", "DATE"),
        name="parts",
        dialect_options={"postgresql_partition_by": "range (D)"},
    ),
    things(
        c("a"),
        c("t", "TEXT"),
        name="lists",
        dialect_options={"postgresql_partition_by": "LIST (lower(t))"},
    ),
    things(
        c("a"), name="heap", dialect_options={"postgresql_using": "heap", "mysql_engine": "InnoDB"}
    ),
    things(c("id"), primary_key("id"), name="elsewhere", schema="other"),
]
