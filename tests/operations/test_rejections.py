"""What a database rejects: each kind provoked on each database, with the remedy that fits what happened."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy import event

from alembic_moltres.dialects.base import rejections
from alembic_moltres.dialects.base.rejections import (
    FILL,
    FILL_NULL,
    GONE,
    REFERRING,
    REMEDIES,
    Rejection,
)
from alembic_moltres.schema import (
    Identity,
    TableSchema,
    check,
    column,
    foreign_key,
    index,
    primary_key,
    sql,
    unique,
)
from tests.operations.context import offline, run

Script = Callable[[Any], object]

KEY = column("id", "INTEGER", primary_key=True)
USERS = TableSchema(
    "users",
    [KEY, column("a", "INTEGER"), column("b", "VARCHAR(9)"), column("n", "INTEGER")],
    constraints=[unique("a", name="uq_a")],
    indexes=[index("ix_n", "n")],
)
POSTS = TableSchema("posts", [KEY, column("user_id", "INTEGER")])
_, A, B, N = USERS.columns
ROWS = [{"id": 1, "b": "xyz", "n": 70000}, {"id": 2, "b": "xyz", "n": 70000, "a": 4}]

PG, MARIADB, SQLITE = "postgresql", "mariadb", "sqlite"
SERVERS = (PG, MARIADB)
ALL = (PG, MARIADB, SQLITE)
KIDS = (
    "CREATE TABLE kids (id INTEGER PRIMARY KEY, u INTEGER, FOREIGN KEY (u) REFERENCES users ({}))"
)


def alter(*changes: Callable[[Any], object], table: str = "users") -> Script:
    def script(op: Any) -> None:
        with op.moltres_alter_table(table) as t:
            for change in changes:
                change(t)

    return script


def added(name: str, type_name: str, **stated: Any) -> Script:
    return alter(lambda t: t.add_column(column(name, type_name, **stated)))


def altered(current: Any, type_name: str, **stated: Any) -> Script:
    return alter(lambda t: t.alter_column(current, column(current.name, type_name, **stated)))


def constrained(constraint: Any) -> Script:
    return alter(lambda t: t.add_constraint(constraint))


def key(column_name: str, table: str, referred: str) -> Script:
    return constrained(foreign_key(column_name, table, referred, name="fk_x"))


def after(statement: str, script: Script) -> Script:
    return lambda op: (op.execute(statement), script(op))


VIEW = "CREATE VIEW users_v AS SELECT b FROM users"
EXISTING_TABLE = REMEDIES[Rejection.EXISTS].replace(";", ", pass if_not_exists=True;")


def alter_in(schema: str) -> Script:
    def script(op: Any) -> None:
        with op.moltres_alter_table("users", schema=schema) as t:
            t.add_column(column("x", "INTEGER"))

    return script


def passed_over(op: Any) -> None:
    with contextlib.suppress(sa.exc.DBAPIError):
        op.execute("SELECT nope")
    added("x", "INTEGER")(op)


def pending(op: Any) -> None:
    key = "INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED"
    op.execute(f"CREATE TABLE users_d (a {key})")
    op.execute("INSERT INTO users_d VALUES (1)")
    alter(lambda t: t.add_column(column("x", "INTEGER")), table="users_d")(op)


def strict(op: Any) -> None:
    op.execute("CREATE TABLE users_s (a ANY) STRICT")
    op.execute("INSERT INTO users_s VALUES ('x')")
    before, afterwards = column("a", "CUSTOM('ANY')"), column("a", "INTEGER")
    alter(lambda t: t.alter_column(before, afterwards), table="users_s")(op)


RAISES = (
    "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$no$$; END'",
    "CREATE TRIGGER no BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION no()",
)


def raising(op: Any) -> None:
    for statement in RAISES:
        op.execute(statement)
    filled = column("a", "INTEGER", default=5, nullable=False)
    alter(lambda t: t.alter_column(A, filled, fill_null=True))(op)


# what happens, the end of the message, and where
CASES: list[Any] = [
    ("a table that is not there", alter(lambda t: t.add_column(column("x", "INTEGER")), table="usrs"), "did you mean 'users'?", ALL),
    ("a table to drop that is not there", lambda op: op.moltres_drop_table(TableSchema("usrs", [KEY])), "pass if_exists=True, or did you mean 'users'?", ALL),
    ("a table that exists", lambda op: op.moltres_create_table(USERS), "drop or rename one of the two, pass if_not_exists=True; if another `alembic upgrade` was running, look with `alembic current` whether it has made it", ALL),
    ("a column that exists", added("b", "INTEGER"), REMEDIES[Rejection.COLUMN_EXISTS], ALL),
    ("a column to drop that is not there", alter(lambda t: t.drop_column(column("idd", "INTEGER"))), "did you mean 'id'?", ALL),
    ("a column to rename that is not there", alter(lambda t: t.rename_column("idd", "c")), "did you mean 'id'?", ALL),
    ("a column to alter that is not there", altered(column("idd", "INTEGER"), "BIGINT"), "did you mean 'id'?", ALL),
    ("an index's column that is not there", alter(lambda t: t.create_index(index("ix_x", "idd"))), "did you mean 'id'?", ALL),
    ("a key's column that is not there", constrained(unique("idd", name="uq_x")), "did you mean 'id'?", ALL),
    ("a check's column that is not there", constrained(check("idd > 0", name="ck_x")), "did you mean 'id'?", ALL),
    ("a constraint that is not there", alter(lambda t: t.drop_constraint(unique("a", name="uq_aa"))), "did you mean 'uq_a'?", ALL),
    ("a constraint like none", alter(lambda t: t.drop_constraint(check("a > 0", name="no_such"))), GONE, SERVERS),
    ("an index that is not there", alter(lambda t: t.drop_index(index("ix_nn", "n"))), "did you mean 'ix_n'?", ALL),
    ("an index that exists", alter(lambda t: t.create_index(index("ix_n", "b"))), REMEDIES[Rejection.EXISTS], ALL),
    ("a constraint that exists", constrained(unique("b", name="uq_a")), REMEDIES[Rejection.EXISTS], SERVERS),
    ("a referred table that is not there", key("a", "pasts", "id"), "did you mean 'posts'?", SERVERS),
    ("a referred column that is not there", key("a", "posts", "userid"), "did you mean 'user_id'?", SERVERS),
    ("a referred column that is no key", key("a", "posts", "user_id"), REMEDIES[Rejection.NO_KEY], SERVERS),
    ("a referred column of another type", key("b", "posts", "id"), REMEDIES[Rejection.WRONG_TYPES], SERVERS),
    ("a key that would set NULL where that is not allowed", constrained(foreign_key("id", "posts", "id", name="fk_x", on_delete="SET NULL")), REMEDIES[Rejection.SET_NULL], (MARIADB,)),
    ("a schema that is not there", lambda op: op.moltres_create_table(TableSchema("users2", [KEY], schema="nope")), REMEDIES[Rejection.NO_SCHEMA], ALL),
    ("a table's schema that is not there", alter_in("nope"), REMEDIES[Rejection.NO_SCHEMA], (PG, SQLITE)),
    ("a name that a table to rename would take", lambda op: op.moltres_rename_table("users", "posts"), REMEDIES[Rejection.EXISTS], ALL),
    ("a view to alter", after(VIEW, alter(lambda t: t.add_column(column("x", "INTEGER")), table="users_v")), REMEDIES[Rejection.NOT_A_TABLE], SERVERS),
    ("a view to drop", after(VIEW, lambda op: op.moltres_drop_table(TableSchema("users_v", [KEY]))), REMEDIES[Rejection.NOT_A_TABLE], ALL),
    ("a view of that name", after(VIEW, lambda op: op.moltres_create_table(TableSchema("users_v", [KEY]))), EXISTING_TABLE, ALL),
    ("a collation that is not there", added("x", "VARCHAR(5,collation='nope')"), REMEDIES[Rejection.NO_ITEM], (PG,)),
    ("a collation that is not there, on MariaDB", added("x", "VARCHAR(5,collation='nope')"), REMEDIES[Rejection.NOT_OFFERED], (MARIADB,)),
    ("a collation that is not there, on SQLite", added("x", "VARCHAR(5,collation='nope')"), REMEDIES[Rejection.NOT_REGISTERED], (SQLITE,)),
    ("a function that is not there", constrained(check("nope(a) > 0", name="ck_x")), REMEDIES[Rejection.NO_FUNCTION], (PG,)),
    ("a function that is not there, on MariaDB", constrained(check("nope(a) > 0", name="ck_x")), REMEDIES[Rejection.EXPRESSION], (MARIADB,)),
    ("a function that is not there, on SQLite", constrained(check("nope(a) > 0", name="ck_x")), REMEDIES[Rejection.NOT_REGISTERED], (SQLITE,)),
    ("an operator that is not there", constrained(check("a > b", name="ck_x")), REMEDIES[Rejection.NO_FUNCTION], (PG,)),
    ("a type of an extension", added("x", "postgresql.HSTORE"), REMEDIES[Rejection.NO_TYPE], (PG,)),
    ("an operator class of an extension", alter(lambda t: t.create_index(index("ix", "b", dialect_options={"postgresql_using": "gin", "postgresql_ops": {"b": "gin_trgm_ops"}}))), REMEDIES[Rejection.NO_TYPE], (PG,)),
    ("no operator class", alter(lambda t: t.create_index(index("ix", "a", dialect_options={"postgresql_using": "gin"}))), REMEDIES[Rejection.NO_OPERATOR_CLASS], (PG,)),
    ("a subquery in a check", constrained(check("a > (select 1)", name="ck_x")), REMEDIES[Rejection.EXPRESSION], ALL),
    ("an aggregate in a check", constrained(check("a > max(n)", name="ck_x")), REMEDIES[Rejection.EXPRESSION], (PG, MARIADB)),
    ("an index over what changes", alter(lambda t: t.create_index(index("ix", sql("random()")))), REMEDIES[Rejection.EXPRESSION], (PG, SQLITE)),
    ("a check that cannot be calculated", constrained(check("1/(n-70000) > 0", name="ck_x")), REMEDIES[Rejection.CALCULATION], SERVERS),
    ("two primary keys", constrained(primary_key("a", name="pk_x")), REMEDIES[Rejection.OLD_KEY], ALL),
    ("the key of a column that counts", after("CREATE TABLE users_n (id INTEGER AUTO_INCREMENT PRIMARY KEY)", alter(lambda t: t.drop_constraint(primary_key("id")), table="users_n")), REMEDIES[Rejection.AUTO_KEY], (MARIADB,)),
    ("the last column", after("CREATE TABLE users_one (a INTEGER)", alter(lambda t: t.drop_column(A), table="users_one")), REMEDIES[Rejection.LAST_COLUMN], (MARIADB, SQLITE)),
    ("a column that a computed one reads", after("ALTER TABLE users ADD COLUMN bb INTEGER GENERATED ALWAYS AS (length(b)) VIRTUAL", alter(lambda t: t.drop_column(B))), REMEDIES[Rejection.DEPENDENTS], (MARIADB, SQLITE)),
    ("a column of a parent", after("CREATE TABLE users_kids () INHERITS (users)", alter(lambda t: t.drop_column(A), table="users_kids")), REMEDIES[Rejection.PARENT], (PG,)),
    ("a column of a row's type", after("CREATE TABLE users_rows (u users)", altered(A, "BIGINT")), REMEDIES[Rejection.DEPENDENTS], (PG,)),
    ("an identity that may be NULL", added("x", "INTEGER", identity=Identity()), REMEDIES[Rejection.NULLABLE], (PG,)),
    ("an identity of a column that may be NULL", alter(lambda t: t.alter_column(A, column("a", "INTEGER", identity=Identity()))), REMEDIES[Rejection.NULLABLE], (PG,)),
    ("an index that is made beside the transaction", alter(lambda t: t.create_index(index("ix", "a", dialect_options={"postgresql_concurrently": True}))), REMEDIES[Rejection.IN_TRANSACTION], (PG,)),
    ("an error that the script passed over", passed_over, REMEDIES[Rejection.AFTER_ERROR], (PG,)),
    ("rows that a deferred key waits for", pending, REMEDIES[Rejection.PENDING], (PG,)),
    ("a table that the session has locked", after("LOCK TABLES users READ", added("x", "INTEGER")), REMEDIES[Rejection.OWN_LOCK], (MARIADB,)),
    ("a text as a key of a new table", lambda op: op.moltres_create_table(TableSchema("users2", [column("t", "TEXT", primary_key=True)])), REMEDIES[Rejection.KEY_LENGTH], (MARIADB,)),
    ("a comment that is too long", alter(lambda t: t.set_comment("x" * 5000)), REMEDIES[Rejection.LIMIT], (MARIADB,)),
    ("a precision that the database does not have", added("x", "DECIMAL(2000,0)"), REMEDIES[Rejection.LIMIT], SERVERS),
    ("a name that ends with a space", added("x ", "INTEGER"), REMEDIES[Rejection.NO_NAME], (MARIADB,)),
    ("a reserved name", lambda op: op.moltres_rename_table("users", "sqlite_users"), REMEDIES[Rejection.NO_NAME], (SQLITE,)),
    ("a type that strict tables do not have", after("CREATE TABLE users_s (a ANY) STRICT", alter(lambda t: t.add_column(column("x", "VARCHAR(3)")), table="users_s")), REMEDIES[Rejection.STRICT_TYPE], (SQLITE,)),
    ("a value that a strict table does not hold", strict, REMEDIES[Rejection.WRONG_VALUES], (SQLITE,)),
    ("a new column's default that its check forbids", alter(lambda t: (t.add_column(column("x", "INTEGER", default=3)), t.add_constraint(check("x > 5", name="ck_x")))), REMEDIES[Rejection.CHECKED], (PG, MARIADB)),
    ("a trigger that raises", raising, REMEDIES[Rejection.RAISED], (PG,)),
    ("text that is not closed", constrained(check("b <> 'x", name="ck_x")), REMEDIES[Rejection.SYNTAX], ALL),
    ("brackets that are not closed", constrained(check("(b <> 'x'", name="ck_x")), REMEDIES[Rejection.SYNTAX], ALL),
    ("a lone surrogate in a comment", alter(lambda t: t.set_comment("a\ud800")), REMEDIES[Rejection.NOT_ENCODED], SERVERS),
    ("a lone surrogate in a name", added("x\ud800", "INTEGER"), REMEDIES[Rejection.NOT_ENCODED], ALL),
    ("rows that refer to nothing", key("n", "posts", "id"), REMEDIES[Rejection.ORPHANS], SERVERS),
    ("rows with NULL", altered(A, "INTEGER", nullable=False), FILL_NULL, ALL),
    ("rows without a value for a new column", added("z", "INTEGER", nullable=False), FILL, (PG, SQLITE)),
    ("rows that are there twice", constrained(unique("b", name="uq_b")), REMEDIES[Rejection.DUPLICATES], ALL),
    ("rows that are there twice, by an index", alter(lambda t: t.create_index(index("ux", "b", unique=True))), REMEDIES[Rejection.DUPLICATES], ALL),
    ("rows that violate a check", constrained(check("b <> 'xyz'", name="ck_x")), REMEDIES[Rejection.CHECKED], ALL),
    ("values that are too long", altered(B, "VARCHAR(1)"), REMEDIES[Rejection.TOO_LONG], (PG,)),
    ("values that are too long, on MariaDB", altered(B, "VARCHAR(1)"), REMEDIES[Rejection.TRUNCATED], (MARIADB,)),
    ("values that are too large", altered(N, "SMALLINT"), REMEDIES[Rejection.OUT_OF_RANGE], SERVERS),
    ("values of another type", altered(B, "INTEGER"), REMEDIES[Rejection.WRONG_VALUES], SERVERS),
    ("no cast", altered(N, "CUSTOM('UUID')"), REMEDIES[Rejection.NO_CAST], SERVERS),
    ("a default of another type", added("z", "DATE", default=5), REMEDIES[Rejection.WRONG_DEFAULT], SERVERS),
    ("a type that is not there", added("z", "CUSTOM('NOTYPE')"), REMEDIES[Rejection.NO_TYPE], (PG,)),
    ("a type that is not there, on MariaDB", added("z", "CUSTOM('NOTYPE')"), REMEDIES[Rejection.NOT_OFFERED], (MARIADB,)),
    ("a syntax error", constrained(check("a > > 1", name="ck_x")), REMEDIES[Rejection.SYNTAX], ALL),
    ("a view that reads the column", after("CREATE VIEW v AS SELECT b FROM users", alter(lambda t: t.drop_column(B))), REMEDIES[Rejection.DEPENDENTS], (PG, SQLITE)),
    ("a table that others refer to", after(KIDS.format("id"), lambda op: op.moltres_drop_table(USERS)), REFERRING, SERVERS),
    ("a key that others refer to", after(KIDS.format("a"), alter(lambda t: t.drop_constraint(unique("a", name="uq_a")))), REMEDIES[Rejection.DEPENDENTS], SERVERS),
    ("a length that the database does not have", added("z", "VARCHAR(99999999)"), REMEDIES[Rejection.LIMIT], SERVERS),
    ("a NUL in a default", added("z", "VARCHAR(9)", default="a\0b"), REMEDIES[Rejection.NUL], (PG, SQLITE)),
    ("a NUL in a check", constrained(check("b <> 'a\0b'", name="ck_x")), REMEDIES[Rejection.NUL], (PG, SQLITE)),
]  # fmt: skip


@pytest.fixture
def filled(any_engine: sa.Engine) -> sa.Engine:
    """Give each database, with two tables and two rows."""

    def rows(op: Any) -> None:
        op.moltres_create_table(POSTS)
        op.bulk_insert(op.moltres_create_table(USERS), ROWS)

    run(any_engine, rows)
    return any_engine


@pytest.mark.parametrize(
    ("script", "advice", "databases"),
    [pytest.param(*rest, id=name) for name, *rest in CASES],
)
def test_the_remedy_fits_what_happened(
    filled: sa.Engine, script: Script, advice: str, databases: tuple[str, ...]
) -> None:
    name = filled.dialect.name
    if name.replace("mysql", MARIADB) not in databases:
        return
    with pytest.raises(CommandError) as raised:
        run(filled, script)
    message = str(raised.value)
    assert message.endswith(f"; {advice}"), message
    assert "users" in message or "usrs" in message


def test_each_kind_has_a_remedy() -> None:
    assert set(Rejection) == set(REMEDIES)
    assert not any(remedy[:1].isupper() for remedy in REMEDIES.values())
    assert all(not remedy.endswith(".") for remedy in REMEDIES.values())
    assert rejections.remedy(None) == rejections.OTHER_REMEDY


def passing(engine: sa.Engine, script: Script) -> str:
    """Return the message of what the server's state stops: Alembic's error and SQLAlchemy's."""
    with pytest.raises(CommandError) as raised:
        run(engine, script)
    assert isinstance(raised.value, sa.exc.OperationalError)
    assert raised.value.orig is not None
    return str(raised.value)


def test_a_lock(filled: sa.Engine) -> None:
    waits = {
        PG: "SET lock_timeout = '50ms'",
        SQLITE: "PRAGMA busy_timeout = 1",
    }.get(filled.dialect.name, "SET lock_wait_timeout = 1")
    holds = {SQLITE: "BEGIN IMMEDIATE"}.get(filled.dialect.name, "SELECT * FROM users")
    with filled.connect() as other:
        other.exec_driver_sql(holds)
        message = passing(filled, after(waits, added("x", "INTEGER")))
        other.rollback()
    assert message.startswith("the database could not execute ")
    assert message.endswith(f"; {REMEDIES[Rejection.LOCKED]}")


def test_a_lost_connection(filled: sa.Engine) -> None:
    if filled.dialect.name == SQLITE:
        return
    kills = {PG: "SELECT pg_terminate_backend({})"}.get(filled.dialect.name, "KILL {}")
    asks = {PG: "SELECT pg_backend_pid()"}.get(filled.dialect.name, "SELECT connection_id()")

    def script(op: Any) -> None:
        pid = op.get_bind().exec_driver_sql(asks).scalar()
        with filled.connect() as other:
            other.exec_driver_sql(kills.format(pid))
        added("x", "INTEGER")(op)

    assert passing(filled, script).endswith(f"; {REMEDIES[Rejection.LOST]}")


def test_a_full_disk(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'full.db'}", poolclass=sa.NullPool)

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA max_page_count = 3")

    def script(op: Any) -> None:
        for number in range(9):
            op.moltres_create_table(TableSchema(f"t{number}", [KEY]))

    assert passing(engine, script).endswith(f"; {REMEDIES[Rejection.DISK_FULL]}")


def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    run(
        sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool),
        lambda op: op.moltres_create_table(POSTS),
    )
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=sa.NullPool)
    with pytest.raises(CommandError) as raised:
        run(engine, lambda op: op.moltres_drop_table(POSTS))
    assert str(raised.value).endswith(f"; {REMEDIES[Rejection.READ_ONLY]}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_bytes(b"not a database" * 99)
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with pytest.raises(CommandError) as raised:
        run(engine, lambda op: op.moltres_create_table(POSTS))
    assert str(raised.value).endswith(
        "file is not a database; correct the path of the URL, or restore the file from a backup"
    )


def test_a_limit_of_the_server(pg_engine: sa.Engine) -> None:
    rows = "INSERT INTO posts (id) SELECT g FROM generate_series(1, 60000) g"

    def script(op: Any) -> None:
        op.moltres_create_table(POSTS)
        for statement in ("SET temp_file_limit = '64kB'", "SET maintenance_work_mem = '1MB'", rows):
            op.execute(statement)
        with op.moltres_alter_table("posts") as posts:
            posts.create_index(index("ix", "id"))

    assert passing(pg_engine, script).endswith(
        "; raise the limit that it names, and run this again"
    )


def test_a_transaction_that_was_idle_for_too_long(pg_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        op.execute("SET idle_in_transaction_session_timeout = '50ms'")
        time.sleep(0.5)
        op.moltres_create_table(POSTS)

    assert passing(pg_engine, script).endswith(f"; {REMEDIES[Rejection.CANCELLED]}")


def take_all_locks(connection: sa.Connection) -> None:
    """Take advisory locks until the server has no memory for one more."""
    taken = 0
    for count in (9000, 900, 90, 9, 1):
        for _ in range(12):
            save = connection.begin_nested()
            locks = f"generate_series({taken + 1}, {taken + count}) g"
            try:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(g) FROM {locks}")
            except sa.exc.OperationalError:
                save.rollback()
                break
            taken += count


def test_no_memory_for_locks(pg_engine: sa.Engine) -> None:
    with pg_engine.connect() as other:

        def script(op: Any) -> None:
            take_all_locks(other)
            op.moltres_create_table(USERS)

        message = passing(pg_engine, script)
        other.rollback()
    assert "out of shared memory" in message
    assert message.endswith(f"; {REMEDIES[Rejection.MEMORY]}")


def test_a_user_without_rights(mariadb_engine: sa.Engine) -> None:
    with mariadb_engine.begin() as connection:
        database = connection.exec_driver_sql("SELECT DATABASE()").scalar()
        connection.exec_driver_sql("CREATE OR REPLACE USER moltres_reader IDENTIFIED BY 'x'")
        connection.exec_driver_sql(f"GRANT SELECT ON `{database}`.* TO moltres_reader")
    reader = sa.create_engine(
        mariadb_engine.url.set(username="moltres_reader", password="x"), poolclass=sa.NullPool
    )
    with pytest.raises(CommandError) as raised:
        run(reader, lambda op: op.moltres_create_table(POSTS))
    assert str(raised.value).endswith(f"; {REMEDIES[Rejection.RIGHTS]}")


def test_a_name_of_sqlite_that_is_far_from_all(sqlite_engine: sa.Engine) -> None:
    """No hint where nothing is near."""
    run(sqlite_engine, lambda op: op.moltres_create_table(USERS))
    with pytest.raises(
        CommandError, match="correct the name; it is the one that the column has at this line"
    ):
        run(sqlite_engine, alter(lambda t: t.drop_column(column("zzzzzz", "INTEGER"))))


def test_a_missing_table_is_found_by_the_only_connection_of_a_pool(pg_engine: sa.Engine) -> None:
    run(pg_engine, lambda op: op.moltres_create_table(USERS))
    single = sa.create_engine(pg_engine.url, pool_size=1, max_overflow=0, pool_timeout=1)
    with pytest.raises(CommandError, match="did you mean 'users'"):
        run(single, alter(lambda t: t.add_column(column("x", "INTEGER")), table="usrs"))
    single.dispose()


@pytest.mark.parametrize(
    "script",
    [
        lambda op: op.moltres_rename_table("users", "a\0b"),
        alter(lambda t: t.rename_column("a", "a\0b")),
        alter(lambda t: t.create_index(index("ix", sql("a > 0\0 + 1")))),
    ],
    ids=["a table", "a column", "a predicate"],
)
def test_a_nul_never_reaches_a_driver_nor_a_file(pg_engine: sa.Engine, script: Any) -> None:
    """Drivers and shells cut a statement off there, and what is left may be another statement."""
    for execute_script in (run, lambda engine, each: offline(engine.url, each)):
        with pytest.raises(
            CommandError,
            match=r"has a NUL character( \(at .*\); take it out|; take the NUL out of the text)$",
        ) as raised:
            execute_script(pg_engine, script)
        assert "\n" not in str(raised.value)
