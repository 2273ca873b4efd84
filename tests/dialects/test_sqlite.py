"""SQLite: what is read equals what the models would be, and every real difference is seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.dialects.base.align import align
from alembic_moltres.dialects.base.reflection import reflect_expected
from alembic_moltres.dialects.base.signatures import ColumnSignature, ItemSignature, ReflectedTable
from alembic_moltres.dialects.sqlite.parse import parse_index, parse_table
from alembic_moltres.dialects.sqlite.reflection import Stored, TableReader, read, table_names
from alembic_moltres.dialects.sqlite.type_spellings import NAMES, type_name
from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    DropColumn,
    DropConstraint,
    DropIndex,
    SetOptions,
    diff,
)
from alembic_moltres.diff import CreateIndex as CreateIndexChange
from alembic_moltres.schema import TableSchema, column
from alembic_moltres.types import moltres_type_to_sqlalchemy_type


def frozen(metadata: sa.MetaData) -> list[TableSchema]:
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    return [model_to_schema(table, dialects=(sqlite.dialect(),)) for table in tables]


def changes(
    connection: sa.Connection, tables: Sequence[TableSchema], schema: str | None = None
) -> tuple[Change, ...]:
    current = {each.table.name: each for each in read(connection, schema, [t.name for t in tables])}
    desired = reflect_expected(connection, tables)
    aligned = [align(current[d.table.name], d) for d in desired if d.table.name in current]
    return diff(aligned, [each.table for each in desired])


def everything(metadata: sa.MetaData, schema: str | None = None) -> None:
    """Tables with what SQLAlchemy can say to SQLite."""
    users = sa.Table(
        "users",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50, collation="NOCASE"), nullable=False, server_default=""),
        sa.Column("Mixed Name", sa.Text, server_default="it's"),
        sa.Column("order", sa.Integer, server_default=sa.text("-5")),
        sa.Column("price", sa.Numeric(10, 2), server_default=sa.text("1.50")),
        sa.Column("rate", sa.Float, server_default=sa.text("1.5")),
        sa.Column("active", sa.Boolean(create_constraint=True, name="ck_active")),
        sa.Column("on", sa.Boolean, server_default=sa.false()),
        sa.Column("kind", sa.Enum("a", "b'c", native_enum=False, create_constraint=True)),
        sa.Column("made", sa.DateTime, server_default=sa.func.now()),
        sa.Column("made2", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("made3", sa.Date, server_default=sa.text("(date('now'))")),
        sa.Column("extra", sa.JSON, server_default=sa.text("'{}'")),
        sa.Column("key", sa.Uuid),
        sa.Column("raw", sa.LargeBinary, server_default=sa.text("x'00'")),
        sa.Column("twice", sa.Integer, sa.Computed('"order" * 2')),
        sa.Column("thrice", sa.Integer, sa.Computed("(price * 3)", persisted=True)),
        sa.Column("age", sa.Integer, sa.CheckConstraint("age >= 0", name="ck_age")),
        sa.Column("spare", sa.Integer, sa.CheckConstraint("users.spare IN (1, 2)")),
        sa.Column("ignored", sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        sa.UniqueConstraint("name", "order", name="uq_users"),
        sa.UniqueConstraint("key", sqlite_on_conflict="REPLACE"),
        sa.CheckConstraint('length(name) > 0 AND name <> "x"', name="ck_name"),
        sa.CheckConstraint('("order" > 0)', name="ck order"),
        schema=schema,
    )
    sa.Index("ix_name", users.c.name)
    sa.Index("ix_lower", sa.func.lower(users.c.name), users.c.age.desc(), unique=True)
    sa.Index("ix_part", users.c.age, sqlite_where=users.c.age > 5, postgresql_where=users.c.age > 1)
    sa.Index("ix_text", sa.text("name COLLATE nocase DESC"), _table=users)
    sa.Index("ix_pg", users.c.age, postgresql_using="brin").ddl_if(dialect="postgresql")
    at = "" if schema is None else f"{schema}."
    sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user", sa.ForeignKey(f"{at}users.id", ondelete="CASCADE", deferrable=True)),
        sa.Column("other", sa.Integer),
        sa.Column(
            "parent",
            sa.ForeignKey(
                f"{at}orders.id", name="fk_parent", initially="DEFERRED", deferrable=True
            ),
        ),
        sa.ForeignKeyConstraint(["other"], [f"{at}users.id"], onupdate="SET NULL", name="fk_o"),
        schema=schema,
        sqlite_autoincrement=True,
        comment="nobody keeps this",
    )
    sa.Table(
        "links",
        metadata,
        sa.Column("a", sa.String(5), primary_key=True, comment="nor this"),
        sa.Column("b", sa.Integer, primary_key=True, nullable=True),
        sa.PrimaryKeyConstraint("a", "b", name="pk_links"),
        schema=schema,
        sqlite_with_rowid=False,
    )
    sa.Table(
        "strict",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True),
        schema=schema,
        sqlite_strict=True,
    )
    sa.Table(
        "bare", metadata, sa.Column("a", sa.Integer, primary_key=True, nullable=True), schema=schema
    )


def test_what_create_all_makes_equals_its_models(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert () == changes(connection, frozen(metadata))
        assert sorted(metadata.tables) == table_names(connection, None)


def test_what_was_read_makes_the_same_table_again(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        first = [each.table for each in read(connection, None, table_names(connection, None))]
        again = sa.MetaData()
        for table in first:
            schema_to_table(table, again)
        metadata.drop_all(connection)
        again.create_all(connection)
        assert () == changes(connection, frozen(metadata))
        assert () == changes(connection, first)


@pytest.mark.parametrize("schema", ["aux", "main"])
def test_an_attached_schema_and_main_are_read(schema: str, sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    everything(metadata, schema)
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS aux")
        metadata.create_all(connection)
        assert () == changes(connection, frozen(metadata), schema)


def test_a_table_that_sqlite_rewrote_equals_its_model(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    sa.Table(
        "people",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("age", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("boss", sa.ForeignKey("people.id")),
        sa.CheckConstraint("people.name <> 'x'", name="ck"),
        sa.Index("ix", "name"),
    )
    with sqlite_engine.connect() as connection:
        for statement in (
            "CREATE TABLE p (id INTEGER NOT NULL, nm VARCHAR(20) NOT NULL, boss INTEGER REFERENCES p, PRIMARY KEY(id), CONSTRAINT ck CHECK (p.nm <> 'x'))",
            "CREATE INDEX ix ON p (nm)",
            "ALTER TABLE p RENAME TO people",
            "ALTER TABLE people RENAME COLUMN nm TO name",
            "ALTER TABLE people ADD COLUMN age INTEGER DEFAULT 0 NOT NULL",
        ):
            connection.exec_driver_sql(statement)
        assert () == changes(connection, frozen(metadata))


WRITTEN = """CREATE TABLE [t] ( -- a comment (
  `id` integer primary key, "na me" varchar ( 5 ) collate NoCase not null default ('x'),
  stamp datetime default current_timestamp /* , */, flag boolean default FALSE,
  k INTEGER CONSTRAINT u UNIQUE CHECK ((k > 0)), x int AS (k+1), y DEFAULT (abs(-1)),
  r REFERENCES "o" (id) ON DELETE NO ACTION NOT DEFERRABLE
  CONSTRAINT z CHECK(t.k<9),
  UNIQUE (k, x) UNIQUE (x) CONSTRAINT nothing
)"""
COMPILED = """CREATE TABLE t (
  id INTEGER NOT NULL, "na me" VARCHAR(5) COLLATE "NOCASE" DEFAULT 'x' NOT NULL,
  stamp DATETIME DEFAULT (CURRENT_TIMESTAMP), flag BOOLEAN DEFAULT 0,
  k INTEGER, x INT GENERATED ALWAYS AS ("k" + 1) VIRTUAL, y DEFAULT (abs(-1)),
  r, PRIMARY KEY (id), CONSTRAINT u UNIQUE (k), CHECK (k > 0),
  FOREIGN KEY(r) REFERENCES o (id), CONSTRAINT z CHECK (k < 9), UNIQUE (k, x), UNIQUE (x)
)"""


Signatures = tuple[dict[str, ColumnSignature], set[ItemSignature | None], set[ItemSignature | None]]


def signatures(table: ReflectedTable) -> Signatures:
    """Return those of a table's columns, constraints and indexes; the last two in any order."""
    return (
        {each.column.name: each.signature for each in table.columns},
        {each.signature for each in table.constraints},
        {each.signature for each in table.indexes},
    )


def signatures_of(sql: str) -> Signatures:
    return signatures(TableReader(None, {}).reflected(Stored("t", sql)))


def test_one_table_in_two_spellings_has_the_same_signatures() -> None:
    written = signatures_of(WRITTEN.replace("\n  CONSTRAINT z", ",\n  CONSTRAINT z"))
    assert signatures_of(COMPILED) == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a DEFAULT 1", "a DEFAULT '1'", id="a number is no string"),
        pytest.param("a INT", "a INTEGER", id="another type"),
        pytest.param("a DEFAULT 'x'", "a DEFAULT 'X'", id="a string keeps its case"),
        pytest.param("a TEXT", "a TEXT COLLATE nocase", id="collation"),
        pytest.param("a NOT NULL", "a NOT NULL ON CONFLICT IGNORE", id="conflict"),
        pytest.param("a AS (b) STORED, b", "a AS (b), b", id="stored"),
        pytest.param("a AS (b), b, c", "a AS (c), b, c", id="computed"),
        pytest.param("a UNIQUE", "a UNIQUE ON CONFLICT IGNORE", id="conflict of a key"),
        pytest.param("a, UNIQUE (a)", "a, UNIQUE (a COLLATE nocase)", id="collation in a key"),
        pytest.param("a REFERENCES t(a)", "a REFERENCES t(a) ON DELETE CASCADE", id="on delete"),
        pytest.param("a REFERENCES t(a)", "a REFERENCES t(a) DEFERRABLE", id="deferrable"),
        pytest.param("a CHECK (a > 1)", "a CHECK (a > 2)", id="check"),
        pytest.param("a CHECK (a > (1 + 2) * 3)", "a CHECK (a > 1 + 2 * 3)", id="brackets"),
    ],
)
def test_different_tables_have_different_signatures(one: str, other: str) -> None:
    assert signatures_of(f"CREATE TABLE t ({one})") != signatures_of(f"CREATE TABLE t ({other})")


def test_signatures_of_the_models_are_those_of_the_text_that_sqlalchemy_writes() -> None:
    metadata = sa.MetaData()
    everything(metadata)
    dialect = sqlite.dialect()
    with sa.create_engine("sqlite://").connect() as connection:
        for expected in reflect_expected(connection, frozen(metadata)):
            table = schema_to_table(expected.table, sa.MetaData())
            text = str(CreateTable(table).compile(dialect=dialect))
            made = [i for i in table.indexes if i._ddl_if is None]
            indexes = [str(CreateIndex(each).compile(dialect=dialect)) for each in made]
            compiled = TableReader(None, {}).reflected(Stored(table.name, text, indexes))
            columns, constraints, created = signatures(expected)
            assert (columns, constraints, created - {None}) == signatures(compiled)
            assert expected.options == compiled.options


def users(**changed: Any) -> sa.MetaData:
    """A table, with some of it changed."""
    metadata = sa.MetaData()
    columns: dict[str, Any] = {
        "id": lambda: sa.Column("id", sa.Integer, primary_key=True),
        "name": lambda: sa.Column("name", sa.String(50), nullable=False, server_default="x"),
        "age": lambda: sa.Column("age", sa.Integer),
        "twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 2")),
        "uq": lambda: sa.UniqueConstraint("name", name="uq"),
        "ck": lambda: sa.CheckConstraint("age > 0", name="ck"),
        "fk": lambda: sa.ForeignKeyConstraint(["age"], ["users.id"], name="fk"),
        "ix": lambda: sa.Index("ix", "name"),
    } | {key: value for key, value in changed.items() if key != "options"}
    items = [make() for make in columns.values() if make is not None]
    sa.Table("users", metadata, *items, **changed.get("options", {}))
    return metadata


Made = Callable[[], Any]


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(60), nullable=False, server_default="x")}, [AlterColumn], id="type"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50, collation="nocase"), nullable=False, server_default="x")}, [AlterColumn], id="collation"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50), server_default="x")}, [AlterColumn], id="nullable"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50), nullable=False, server_default="y")}, [AlterColumn], id="default"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50), nullable=False)}, [AlterColumn], id="no-default"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50), nullable=False, server_default="x", sqlite_on_conflict_not_null="FAIL")}, [AlterColumn], id="on-conflict"),
        pytest.param({"twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 3"))}, [AlterColumn], id="computed"),
        pytest.param({"twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 2", persisted=True))}, [AlterColumn], id="stored"),
        pytest.param({"twice": None}, [DropColumn], id="column-dropped"),
        pytest.param({"more": lambda: sa.Column("more", sa.Integer)}, [AddColumn], id="column-added"),
        pytest.param({"uq": None}, [DropConstraint], id="unique-dropped"),
        pytest.param({"uq": lambda: sa.UniqueConstraint("name", name="uq2")}, [DropConstraint, AddConstraint], id="unique-renamed"),
        pytest.param({"uq": lambda: sa.UniqueConstraint("name", "age", name="uq")}, [DropConstraint, AddConstraint], id="unique-columns"),
        pytest.param({"ck": lambda: sa.CheckConstraint("age > 1", name="ck")}, [DropConstraint, AddConstraint], id="check"),
        pytest.param({"pk": lambda: sa.PrimaryKeyConstraint("id", name="pk")}, [DropConstraint, AddConstraint], id="primary-key-name"),
        pytest.param({"name": lambda: sa.Column("name", sa.String(50), primary_key=True, server_default="x")}, [DropConstraint, AlterColumn, AddConstraint], id="primary-key-columns"),
        pytest.param({"fk": lambda: sa.ForeignKeyConstraint(["age"], ["users.id"], name="fk", ondelete="CASCADE")}, [DropConstraint, AddConstraint], id="on-delete"),
        pytest.param({"ix": lambda: sa.Index("ix", "name", unique=True)}, [DropIndex, CreateIndexChange], id="index-unique"),
        pytest.param({"ix": lambda: sa.Index("ix", "age")}, [DropIndex, CreateIndexChange], id="index-columns"),
        pytest.param({"ix": lambda: sa.Index("ix", sa.text("name DESC"))}, [DropIndex, CreateIndexChange], id="index-order"),
        pytest.param({"ix": lambda: sa.Index("ix", "name", sqlite_where=sa.text("age > 0"))}, [DropIndex, CreateIndexChange], id="index-predicate"),
        pytest.param({"options": {"sqlite_autoincrement": True}, "fk": lambda: sa.ForeignKeyConstraint(["age"], ["users.id"], name="fk")}, [SetOptions], id="autoincrement"),
        pytest.param({"options": {"sqlite_with_rowid": False}}, [SetOptions], id="without-rowid"),
    ],
)  # fmt: skip
def test_a_real_difference_is_found(
    changed: dict[str, Made | None], kinds: list[type[Change]], sqlite_engine: sa.Engine
) -> None:
    users().create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        found = changes(connection, frozen(users(**changed)))
    inside = [c for each in found if isinstance(each, AlterTable) for c in each.changes]
    assert kinds == [type(each) for each in inside]


BY_HAND = """
CREATE TABLE users (
    id INT UNSIGNED NOT NULL PRIMARY KEY, small MEDIUMINT(9), big BIGINT UNSIGNED, flag BOOL NOT NULL, price DECIMAL,
    exact DECIMAL(9, 2), name CHARACTER VARYING(20), code character(3), note LONGTEXT, at datetime, blob LONGBLOB
)
"""


def by_hand(**changed: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    types: dict[str, Any] = {
        "id": sa.Integer(), "small": sa.Integer(), "big": sa.BigInteger(), "flag": sa.Boolean(),
        "price": sa.Numeric(10, 2), "exact": sa.Numeric(9, 2), "name": sa.String(20), "code": sa.CHAR(3),
        "note": sa.Text(), "at": sa.DateTime(), "blob": sa.LargeBinary(),
    } | changed  # fmt: skip
    columns = [
        sa.Column(name, type_, primary_key=name == "id", nullable=name not in {"id", "flag"})
        for name, type_ in types.items()
    ]
    sa.Table("users", metadata, *columns)
    return metadata


def test_spellings_by_sqlites_affinity_are_the_models_types(sqlite_engine: sa.Engine) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql(BY_HAND)
        assert () == changes(connection, frozen(by_hand()))


@pytest.mark.parametrize(
    ("spelled", "type_"),
    [
        *((text, sa.Text()) for text in ("CLOB", "CHARACTER(20)", "VARYING CHARACTER(9)", "VARCHAR2(9)")),
        *((text, sa.Integer()) for text in ("INTEGER(4)", "unsigned int(9)", "INT(11)")),
        *((text, sa.BigInteger()) for text in ("BIGINT(20)", "bigint ( 20 )")),
        *((text, sa.Double()) for text in ("DOUBLE(10,2)", "DOUBLE")),
        *(("DATETIME(6)", sa.DateTime()), ("FLOAT(10)", sa.Float()), ("BOOLEAN(1)", sa.Boolean())),
        *(("BOOL(1)", sa.Boolean()), ("TIME(3)", sa.Time()), ("SMALLINT(5)", sa.SmallInteger())),
    ],
)  # fmt: skip
def test_arguments_that_sqlalchemy_does_not_write_are_no_difference(
    spelled: str, type_: Any, sqlite_engine: sa.Engine
) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", type_))
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLE t (a {spelled})")
        assert () == changes(connection, frozen(metadata))


@pytest.mark.parametrize(
    "changed",
    [
        {"small": sa.String(5)},
        {"small": sa.BigInteger()},
        {"big": sa.Integer()},
        {"flag": sa.Integer()},
        {"exact": sa.Numeric(9, 3)},
        {"name": sa.String(30)},
        {"note": sa.String(20)},
        {"at": sa.Date()},
        {"name": sa.String(20, collation="nocase")},
    ],
)
def test_another_type_than_the_spelling_is_a_difference(
    changed: dict[str, Any], sqlite_engine: sa.Engine
) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql(BY_HAND)
        [found] = changes(connection, frozen(by_hand(**changed)))
        assert isinstance(found, AlterTable)
        assert [AlterColumn] == [type(each) for each in found.changes]


def test_virtual_tables_and_what_keeps_their_rows_are_no_tables(sqlite_engine: sa.Engine) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE pages_seen (id INTEGER)")
        connection.exec_driver_sql("CREATE VIRTUAL TABLE pages USING fts4 (body)")
        assert ["pages_seen"] == table_names(connection, None)
        assert [] == read(connection, None, ["pages", "absent"])


def test_one_query_reads_all_tables_and_nothing_is_asked(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    for number in range(50):
        sa.Table(f"t{number}", metadata, sa.Column("id", sa.Integer, primary_key=True))
    metadata.create_all(sqlite_engine)
    queries: list[str] = []
    sa.event.listen(sqlite_engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
    with sqlite_engine.connect() as connection:
        assert () == changes(connection, frozen(metadata))
    assert 1 == len(queries)


def test_a_database_that_may_only_be_read_stays_as_it_is(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(sqlite_engine)
    path = Path(str(sqlite_engine.url.database))
    before = path.read_bytes()
    readonly = sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=sa.NullPool)
    with readonly.connect() as connection:
        assert () == changes(connection, frozen(metadata))
    assert before == path.read_bytes()


@pytest.mark.parametrize(
    "text", [*NAMES, "NUMERIC(10, 2)", "VARCHAR(5)", "CHAR(32)", "odd (1,x)", ""]
)
def test_a_type_text_is_read_as_what_writes_it(text: str) -> None:
    made = moltres_type_to_sqlalchemy_type(type_name(text)).compile(sqlite.dialect())
    assert text == made


def test_a_type_text_of_a_person_is_read_as_the_type_that_sqlite_takes_it_for(
    sqlite_engine: sa.Engine,
) -> None:
    texts = {
        "varchar(20)": "VARCHAR(20)",
        "character varying ( 20 )": "VARCHAR(20)",
        "Numeric(10, 2)": "DECIMAL(10,2)",
        "int": "INTEGER",
        "bool": "BOOLEAN",
        "double  precision": "sql.DOUBLE_PRECISION",
        "datetime": "TIMESTAMP",
        "unsigned int": "CUSTOM('unsigned int')",
        "geometry": "CUSTOM('geometry')",
    }
    columns = ", ".join(f"c{n} {text}" for n, text in enumerate(texts))
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLE a ({columns})")
        connection.exec_driver_sql("CREATE TABLE b (id int PRIMARY KEY)")
        described, no_rowid = read(connection, None, ["a", "b"])
    assert list(texts.values()) == [each.type_name for each in described.table.columns]
    assert "CUSTOM('int')" == no_rowid.table.columns[0].type_name


def test_a_key_to_a_table_names_its_primary_key(sqlite_engine: sa.Engine) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x, y, PRIMARY KEY (x, y))")
        connection.exec_driver_sql("CREATE TABLE b (p, q, FOREIGN KEY (p, q) REFERENCES A)")
        [described] = read(connection, None, ["b"])
    assert "foreign_key(['p', 'q'], 'A', ['x', 'y'])" == repr(described.table.constraints[0])


def test_text_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("INDEX is expected at 'TABLE")):
        parse_index("CREATE TABLE t (a)")
    with pytest.raises(ValueError, match="no list of columns ends"):
        parse_table("CREATE TABLE t AS SELECT 1")


def test_a_reflected_column_keeps_its_own_text(sqlite_engine: sa.Engine) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a 'odd type' DEFAULT (1+ 2))")
        [described] = read(connection, None, ["t"])
    assert repr(
        column("a", "CUSTOM(\"'odd type'\")", default=described.table.columns[0].default)
    ) == repr(described.table.columns[0])
