"""MariaDB and MySQL: what is read equals what the models would be, and every difference is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql as my

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.dialects.base.align import align
from alembic_moltres.dialects.base.reflection import reflect_expected
from alembic_moltres.dialects.mysql.reflection import read, table_names
from alembic_moltres.dialects.mysql.show_create import partitions
from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    SetComment,
    SetOptions,
    diff,
)
from alembic_moltres.errors import ReflectError
from alembic_moltres.schema import TableSchema


@pytest.fixture(params=["mysql", "mariadb"])
def engine(request: pytest.FixtureRequest, mariadb_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a new database, under each of the names of the dialect."""
    url = sa.make_url(mariadb_url).set(drivername=f"{request.param}+pymysql")
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()


def frozen(engine: sa.Engine, metadata: sa.MetaData) -> list[TableSchema]:
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    return [model_to_schema(table, dialects=(engine.dialect,)) for table in tables]


def changes(connection: sa.Connection, tables: Sequence[TableSchema]) -> tuple[Change, ...]:
    current = {each.table.name: each for each in read(connection, None, [t.name for t in tables])}
    desired = reflect_expected(connection, tables)
    aligned = [align(current[d.table.name], d) for d in desired if d.table.name in current]
    return diff(aligned, [each.table for each in desired])


def as_stored(connection: sa.Connection) -> dict[str, str]:
    names = table_names(connection, None)
    return {n: connection.exec_driver_sql(f"SHOW CREATE TABLE `{n}`").one()[1] for n in names}


def everything(md: sa.MetaData) -> None:
    """Tables with what SQLAlchemy can say to these servers."""
    u = sa.Table(
        "users",
        md,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "name", sa.String(50), nullable=False, server_default="", comment="it's 100% \\ \n"
        ),
        sa.Column("latin", my.VARCHAR(20, charset="latin1"), server_default="x"),
        sa.Column("bin", sa.String(20, collation="utf8mb4_bin")),
        sa.Column("Mixed Name", sa.Text),
        sa.Column("order", sa.Integer, server_default=sa.text("-5")),
        sa.Column("price", sa.Numeric(10, 2), server_default=sa.text("1.5")),
        sa.Column("q", sa.Numeric(10, 2), server_default="5"),
        sa.Column("rate", sa.Float),
        sa.Column("rate2", sa.Float(53)),
        sa.Column("dbl", sa.Double),
        sa.Column("active", sa.Boolean, server_default=sa.true()),
        sa.Column("kind", sa.Enum("a", "b'c", "d%", name="kk"), server_default="a"),
        sa.Column(
            "ck_kind", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="nn")
        ),
        sa.Column("st", my.SET("x", "y")),
        sa.Column("made", sa.DateTime, server_default=sa.func.now()),
        sa.Column(
            "upd",
            my.TIMESTAMP(fsp=3),
            nullable=False,
            server_default=sa.text("CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)"),
        ),
        sa.Column("dt6", my.DATETIME(fsp=6)),
        sa.Column("ts", sa.TIMESTAMP),
        sa.Column("tm", sa.Time),
        sa.Column("d", sa.Date),
        sa.Column("extra", sa.JSON, server_default=sa.text("('{}')")),
        sa.Column("extra2", sa.JSON, nullable=False),
        sa.Column("key", sa.Uuid),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("raw5", sa.BINARY(5)),
        sa.Column("vb", sa.VARBINARY(5)),
        sa.Column("big", sa.BigInteger),
        sa.Column("sm", sa.SmallInteger),
        sa.Column("un", my.INTEGER(unsigned=True), server_default=sa.text("(1 + 1)")),
        sa.Column("zf", my.INTEGER(5, zerofill=True)),
        sa.Column("ti", my.TINYINT(4)),
        sa.Column("med", my.MEDIUMTEXT),
        sa.Column("yr", my.YEAR),
        sa.Column("bt", my.BIT(3), server_default=sa.text("b'101'")),
        sa.Column("uni", sa.Unicode(30)),
        sa.Column("intv", sa.Interval),
        sa.Column("expr", sa.String(36), server_default=sa.text("(uuid())")),
        sa.Column("twice", sa.Integer, sa.Computed("`order` * 2")),
        sa.Column("thrice", sa.Integer, sa.Computed("twice + 3", persisted=True)),
        sa.Column("age", sa.Integer, sa.CheckConstraint("age >= 0"), comment="c"),
        sa.Column("age2", sa.Integer, sa.CheckConstraint("age2 >= 0")),
        sa.UniqueConstraint("name", "order", name="uq_users"),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("length(name) > 1 AND name <> 'x%'", name="ck_name"),
        sa.CheckConstraint("age IN (1,2,3) or (age between 5 and 9)"),
        comment="a 'table' 50%",
    )
    sa.Index("ix_name", u.c.name)
    sa.Index("ix_un", u.c.age, unique=True)
    sa.Index("ix_len", u.c.name, u.c.age, mysql_length={"name": 10}, mariadb_length={"name": 10})
    sa.Index("ix_full", u.c["Mixed Name"], mysql_length=20, mariadb_length=20)
    sizes = {"name": 10, "dt6": 8}  # all of a DATETIME(6), which the server takes
    sa.Index("ix_dt6", u.c.name, u.c.dt6, mysql_length=sizes, mariadb_length=sizes)
    sa.Index("ix_50", u.c.name, mysql_length=50, mariadb_length=50)
    sa.Index("ix_desc", u.c.age.desc(), u.c.name)
    sa.Index("ix_ft", u.c["Mixed Name"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")
    sa.Index("ix_hash", u.c.un, mysql_using="hash", mariadb_using="hash")
    sa.Index("ix_pg", u.c.age, postgresql_using="brin").ddl_if(dialect="postgresql")
    sa.Table(
        "orders",
        md,
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("user", sa.ForeignKey("users.id", ondelete="CASCADE")),
        sa.Column("user2", sa.ForeignKey("users.id", ondelete="RESTRICT", name="fk2"), index=True),
        sa.Column("parent", sa.ForeignKey("orders.id", name="fk3", onupdate="SET NULL")),
        sa.UniqueConstraint("user2", "parent"),
        mysql_engine="InnoDB",
        mariadb_engine="InnoDB",
        mysql_charset="latin1",
        mariadb_charset="latin1",
        mysql_row_format="DYNAMIC",
        mariadb_row_format="DYNAMIC",
    )
    sa.Table(
        "utf",
        md,
        sa.Column("id", sa.String(10), primary_key=True),
        sa.Column("other", my.VARCHAR(10, collation="utf8mb4_bin")),
        sa.Column("t", sa.Text),
        mysql_default_charset="utf8",
        mariadb_default_charset="utf8",
        mysql_collate="utf8mb3_bin",
        mariadb_collate="utf8mb3_bin",
        mysql_engine="MyISAM",
        mariadb_engine="myisam",
    )
    sa.Table(
        "links",
        md,
        sa.Column("a", sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("b", sa.ForeignKey("orders.id"), primary_key=True),
    )
    sa.Table(
        "noauto",
        md,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.Index("UQ", "b", unique=True),
    )
    sa.Table(
        "nullable_key",
        md,
        sa.Column("a", sa.String(5), nullable=True),
        sa.Column("b", sa.String(5), nullable=True),
        sa.PrimaryKeyConstraint("a", "b"),
    )


def test_what_create_all_makes_equals_its_models(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(engine)
    with engine.connect() as connection:
        before = as_stored(connection)
        assert () == changes(connection, frozen(engine, metadata))
        assert before == as_stored(connection)
        assert sorted(metadata.tables) == table_names(connection, None)


def test_what_was_read_is_lossless(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(engine)
    with engine.connect() as connection:
        first = [each.table for each in read(connection, None, table_names(connection, None))]
        assert () == changes(connection, first)
        before = as_stored(connection)
        metadata.drop_all(connection)
        again = sa.MetaData()
        for table in first:
            schema_to_table(table, again)
        again.create_all(connection)
        assert () == changes(connection, frozen(engine, metadata))
        assert sorted(before) == sorted(as_stored(connection))


def users(engine: sa.Engine, **changed: Any) -> sa.MetaData:
    """A table, with some of it changed."""
    metadata = sa.MetaData()
    columns: dict[str, Any] = {
        "id": lambda: sa.Column("id", sa.Integer, primary_key=True),
        "name": lambda: sa.Column("name", sa.String(50), nullable=False, server_default="x"),
        "age": lambda: sa.Column("age", sa.Integer),
        "boss": lambda: sa.Column("boss", sa.Integer),
        "twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 2")),
        "kind": lambda: sa.Column("kind", sa.Enum("a", "b", name="kind")),
        "at": lambda: sa.Column("at", my.TIMESTAMP(), nullable=False, server_default=NOW),
        "uq": lambda: sa.UniqueConstraint("name", name="uq"),
        "ck": lambda: sa.CheckConstraint("age > 0", name="ck"),
        "fk": lambda: sa.ForeignKeyConstraint(["boss"], ["users.id"], name="fk"),
        "ix": lambda: sa.Index("ix", "name", "age"),
    } | {key: value for key, value in changed.items() if key != "options"}
    items = [make() for make in columns.values() if make is not None]
    given = changed.get("options", {})
    options = {k.replace("mysql", engine.dialect.name): v for k, v in given.items()}
    table = sa.Table("users", metadata, *items, **options)
    for index in table.indexes:
        for key, value in list(index.dialect_kwargs.items()):
            index.dialect_kwargs[key.replace("mysql", engine.dialect.name)] = value
    return metadata


NOW = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
Made = Callable[[], Any]


def name(type_: Any = None, **changed: Any) -> dict[str, Made]:
    given: dict[str, Any] = {"nullable": False, "server_default": "x"} | changed
    return {"name": lambda: sa.Column("name", type_ or sa.String(50), **given)}


def index(*columns: str, **options: Any) -> dict[str, Made]:
    return {"ix": lambda: sa.Index("ix", *map(sa.text, columns), **options)}


def fk(*columns: str, **options: Any) -> dict[str, Made]:
    return {"fk": lambda: sa.ForeignKeyConstraint(columns, ["users.id"], name="fk", **options)}


BOTH = [DropConstraint, AddConstraint]
AGAIN = [DropIndex, CreateIndex]


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(name(sa.String(60)), [AlterColumn], id="length"),
        pytest.param(name(sa.Text, server_default=None), [AlterColumn], id="type"),
        pytest.param(name(sa.String(50, collation="utf8mb4_bin")), [AlterColumn], id="collation"),
        pytest.param(name(my.VARCHAR(50, charset="latin1")), [AlterColumn], id="charset"),
        pytest.param(name(nullable=True), [AlterColumn], id="nullable"),
        pytest.param(name(server_default="y"), [AlterColumn], id="default"),
        pytest.param(name(server_default=None), [AlterColumn], id="no-default"),
        pytest.param(name(comment="why"), [AlterColumn], id="column-comment"),
        pytest.param({"age": lambda: sa.Column("age", my.INTEGER(unsigned=True))}, [AlterColumn], id="unsigned"),
        pytest.param({"age": lambda: sa.Column("age", sa.BigInteger)}, [AlterColumn], id="integer"),
        pytest.param({"twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 3"))}, [AlterColumn], id="computed"),
        pytest.param({"twice": lambda: sa.Column("twice", sa.Integer, sa.Computed("age * 2", persisted=True))}, [AlterColumn], id="stored"),
        pytest.param({"kind": lambda: sa.Column("kind", sa.Enum("a", "b", "c", name="kind"))}, [AlterColumn], id="enum-label"),
        pytest.param({"at": lambda: sa.Column("at", my.TIMESTAMP(), nullable=False, server_default=sa.func.now())}, [AlterColumn], id="on-update"),
        pytest.param({"id": lambda: sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)}, [AlterColumn], id="auto-increment"),
        pytest.param({"twice": None}, [DropColumn], id="column-dropped"),
        pytest.param({"more": lambda: sa.Column("more", sa.Integer)}, [AddColumn], id="column-added"),
        pytest.param({"uq": None}, [DropConstraint], id="unique-dropped"),
        pytest.param({"uq": lambda: sa.Index("uq", "name", unique=True)}, [], id="unique-index"),
        pytest.param({"uq": lambda: sa.UniqueConstraint("name")}, [], id="unique-of-any-name"),
        pytest.param({"uq": lambda: sa.UniqueConstraint("name", name="uq2")}, BOTH, id="unique-renamed"),
        pytest.param({"uq": lambda: sa.UniqueConstraint("name", "age", name="uq")}, BOTH, id="unique-columns"),
        pytest.param({"ck": lambda: sa.CheckConstraint("age > 1", name="ck")}, BOTH, id="check"),
        pytest.param({"ck": lambda: sa.CheckConstraint("(`age`) > 0", name="ck")}, [], id="check-spelt-otherwise"),
        pytest.param({"ck": None}, [DropConstraint], id="check-dropped"),
        pytest.param({"pk": lambda: sa.PrimaryKeyConstraint("id", name="pk")}, [], id="primary-key-name"),
        pytest.param(fk("boss", ondelete="CASCADE"), BOTH, id="on-delete"),
        pytest.param(fk("boss", ondelete="RESTRICT"), [], id="on-delete-as-it-is-anyway"),
        pytest.param(fk("boss", onupdate="SET NULL"), BOTH, id="on-update-of-a-key"),
        pytest.param({"fk": None}, [DropIndex, DropConstraint], id="foreign-key-and-its-index"),
        pytest.param(index("name"), AGAIN, id="index-columns"),
        pytest.param(index("name", "age DESC"), AGAIN, id="index-order"),
        pytest.param(index("name(50)", "age"), [], id="index-length-of-the-column"),
        pytest.param(index("name(5)", "age"), AGAIN, id="index-length"),
        pytest.param({"ix": None}, [DropIndex], id="index-dropped"),
        pytest.param({"ix2": lambda: sa.Index("ix2", "boss")}, AGAIN, id="index-of-a-key-replaced"),
        pytest.param({"options": {"comment": "all"}}, [SetComment], id="comment"),
        pytest.param({"options": {"mysql_engine": "MyISAM"}, "fk": None}, [DropIndex, DropConstraint, SetOptions], id="engine"),
        pytest.param({"options": {"mysql_engine": "innodb"}}, [], id="engine-as-it-is"),
        pytest.param({"options": {"mysql_row_format": "COMPRESSED"}}, [SetOptions], id="row-format"),
        pytest.param({"options": {"mysql_collate": "utf8mb4_bin"}}, [AlterColumn, AlterColumn, SetOptions], id="table-collation"),
    ],
)  # fmt: skip
def test_a_real_difference_is_found(
    changed: dict[str, Any], kinds: list[type[Change]], engine: sa.Engine
) -> None:
    users(engine).create_all(engine)
    with engine.connect() as connection:
        found = changes(connection, frozen(engine, users(engine, **changed)))
    inside = [c for each in found if isinstance(each, AlterTable) for c in each.changes]
    assert kinds == [type(each) for each in inside]


def test_few_queries_read_and_ask_all_tables(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    for number in range(200):
        check = sa.CheckConstraint(f"a > {number % 50}", name=f"ck{number}")
        sa.Table(f"t{number}", metadata, sa.Column("a", sa.Integer), check)
    metadata.create_all(engine)
    queries: list[str] = []
    with engine.connect() as connection:
        sa.event.listen(engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
        assert () == changes(connection, frozen(engine, metadata))
    assert len(queries) < 25


def test_asking_does_not_end_a_transaction(engine: sa.Engine) -> None:
    users(engine).create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO users (age) VALUES (1)")
        assert () == changes(connection, frozen(engine, users(engine)))
        connection.rollback()
        assert 0 == connection.exec_driver_sql("SELECT count(*) FROM users").scalar()


def test_a_user_who_may_not_make_tables_gets_no_false_alarm(
    engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    metadata = sa.MetaData()
    everything(metadata)
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()
        assert () == changes(connection, frozen(engine, metadata))
    assert [True] == ["READ ONLY transaction" in each.message for each in caplog.records]


LONG_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "string": sa.String(1000),
    "text": sa.Text(),
    "blob": sa.LargeBinary(),
}


def long_indexes(length: int | None = None) -> sa.MetaData:
    metadata = sa.MetaData()
    lengths: dict[str, Any] = {"mysql_length": length, "mariadb_length": length}
    for name, type_ in LONG_TYPES.items():
        sa.Table(name, metadata, sa.Column("a", type_), sa.Index(f"ix_{name}", "a", **lengths))
    return metadata


def test_an_index_that_the_server_shortens_is_no_difference(engine: sa.Engine) -> None:
    long_indexes().create_all(engine)
    with engine.connect() as connection:
        assert () == changes(connection, frozen(engine, long_indexes()))
        found = changes(connection, frozen(engine, long_indexes(300)))
    inside = [type(c) for each in found if isinstance(each, AlterTable) for c in each.changes]
    assert AGAIN * 3 == inside


def test_a_shortened_index_is_no_difference_where_the_server_cannot_be_probed(
    engine: sa.Engine,
) -> None:
    long_indexes().create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()
        assert () == changes(connection, frozen(engine, long_indexes()))


def test_indexes_on_columns_of_one_type_share_a_probe(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    for number in range(200):
        sa.Table(f"t{number}", metadata, sa.Column(f"a{number}", sa.String(255), index=True))
    metadata.create_all(engine)
    queries: list[str] = []
    with engine.connect() as connection:
        sa.event.listen(engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
        assert () == changes(connection, frozen(engine, metadata))
    assert 2 >= len([each for each in queries if each.startswith("SHOW INDEX")])


def test_what_the_server_refuses_is_compared_as_well_as_can_be(engine: sa.Engine) -> None:
    users(engine).create_all(engine)
    odd = {"ck": lambda: sa.CheckConstraint("no_such_function(age)", name="ck")}
    more = {"age": lambda: sa.Column("age", sa.BigInteger)}
    with engine.connect() as connection:
        assert () == changes(connection, frozen(engine, users(engine, **odd)))
        [found] = changes(connection, frozen(engine, users(engine, **odd, **more)))
        assert isinstance(found, AlterTable)
        assert [AlterColumn] == [type(each) for each in found.changes]


def test_partitions_that_cannot_be_read_are_refused() -> None:
    assert "HASH (`id`)\nPARTITIONS 3" == partitions(
        "CREATE TABLE `t` (\n  `id` int(11)\n)\n PARTITION BY HASH (`id`)\nPARTITIONS 3"
    )
    assert "KEY () PARTITIONS 2" == partitions(
        "CREATE TABLE `t` (\n  `id` int\n)\n/*!50100 PARTITION BY KEY () PARTITIONS 2 */"
    )
    with pytest.raises(ReflectError, match="cannot read the partitions of a table"):
        partitions("CREATE TABLE `t` (\n  `id` int(11)\n)")


def test_partitions_are_read_and_not_compared(engine: sa.Engine) -> None:
    dialect = engine.dialect.name
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE `a``b` (id INTEGER NOT NULL PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3"
        )
        (read_table,) = read(connection, None, ["a`b"])
        key = f"{dialect}_partition_by"
        assert "HASH (`id`)\nPARTITIONS 3" == read_table.table.dialect_options[key]
        stated: dict[str, Any] = {key: "HASH (id) PARTITIONS 4"}
        model = sa.Table(
            "a`b",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            **stated,
        )
        assert () == changes(connection, frozen(engine, model.metadata))
