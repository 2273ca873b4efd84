"""Labels of enum types: added, removed, reordered, renamed, with all that depends on them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres import TableSchema, check, column
from alembic_moltres.operations import MoltresAlterEnumOp
from tests.dump import dump
from tests.operations.circle import execute, read
from tests.operations.context import offline, run

USED = (
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
    "CREATE SCHEMA app",
    """CREATE TABLE t (id serial PRIMARY KEY, m mood DEFAULT 'ok' NOT NULL, ms mood[] DEFAULT '{ok,happy}',
    "Odd" mood, x text DEFAULT 'ok'::mood::text, CONSTRAINT ck CHECK (m <> 'happy' OR id > 0), UNIQUE (m, id))""",
    "CREATE INDEX partial ON t (id) WHERE m = 'ok'",
    "CREATE INDEX expression ON t ((m = 'ok'))",
    "CREATE INDEX arrays ON t USING gin (ms)",
    "COMMENT ON TYPE mood IS 'it''s 5%'",
    "COMMENT ON CONSTRAINT ck ON t IS 'kept'",
    "CREATE TABLE app.u (m mood)",
    "INSERT INTO t (m, ms) VALUES ('ok', '{ok}'), ('happy', '{happy}')",
    "INSERT INTO app.u VALUES ('happy'), (NULL)",
)
OLD = ("sad", "ok", "happy")
MORE = ("awful", "sad", "so-so", "%s", "ok", "happy", "great")


def mood(*labels: str) -> str:
    return f"ENUM({','.join(map(repr, labels))},name='mood')"


def altering(
    old: tuple[str, ...], new: tuple[str, ...], renamed: dict[str, str] | None = None
) -> Any:
    return lambda op: op.moltres_alter_enum(mood(*old), mood(*new), renamed or {})


def back(old: tuple[str, ...], new: tuple[str, ...], renamed: dict[str, str] | None = None) -> Any:
    return lambda op: op.invoke(MoltresAlterEnumOp(mood(*old), mood(*new), renamed or {}).reverse())


def labels(engine: sa.Engine) -> list[str]:
    return read(engine, "SELECT enum_range(NULL::mood)::text[]")[0][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("new", "renamed"),
    [
        pytest.param(("sad", "ok", "happy", "great"), {}, id="at-the-end"),
        pytest.param(("awful", "sad", "ok", "happy"), {}, id="at-the-start"),
        pytest.param(("sad", "so:so", "50%", "ok", "it's", "happy"), {}, id="in-the-middle"),
        pytest.param(("ok", "happy"), {}, id="removed"),
        pytest.param(("happy", "ok", "sad"), {}, id="reordered"),
        pytest.param(("sad", "fine", "happy"), {"ok": "fine"}, id="renamed"),
        pytest.param(("sad", "happy", "ok"), {"ok": "happy", "happy": "ok"}, id="exchanged"),
        pytest.param(("great", "fine", "happy"), {"ok": "fine"}, id="all-of-it"),
    ],
)
def test_labels_change_and_change_back(
    pg_engine: sa.Engine, new: tuple[str, ...], renamed: dict[str, str]
) -> None:
    execute(pg_engine, *USED)
    before, rows = dump(pg_engine), read(pg_engine, "SELECT m, ms FROM t ORDER BY id")

    run(pg_engine, altering(OLD, new, renamed))

    assert list(new) == labels(pg_engine)
    called = [renamed.get(label, label) for label, _ in rows]
    assert [(label, f"{{{label}}}") for label in called] == read(
        pg_engine, "SELECT m, ms::text FROM t ORDER BY id"
    )
    run(pg_engine, back(OLD, new, renamed))
    assert before == dump(pg_engine)
    assert rows == read(pg_engine, "SELECT m, ms FROM t ORDER BY id")


def test_a_new_label_is_used_in_the_transaction_that_adds_it(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED)

    def script(op: Any) -> None:
        altering(OLD, (*OLD, "great"))(op)
        op.execute("UPDATE t SET m = 'great'")
        altering((*OLD, "great"), ("great", *OLD))(op)
        op.execute("INSERT INTO app.u VALUES ('great')")

    run(pg_engine, script)
    assert [("great",), ("great",)] == read(pg_engine, "SELECT m FROM t")


def test_a_label_is_added_where_a_view_depends_and_removed_where_none_does(
    pg_engine: sa.Engine,
) -> None:
    execute(pg_engine, *USED, "CREATE VIEW v AS SELECT m FROM t")
    run(pg_engine, altering(OLD, MORE))
    assert [*MORE] == labels(pg_engine)
    before = dump(pg_engine)

    with pytest.raises(CommandError, match=r"mood is used by .*view v.*in the same migration\)$"):
        run(pg_engine, altering(MORE, OLD))
    assert before == dump(pg_engine)


@pytest.mark.parametrize(
    "dependent",
    [
        "CREATE VIEW v AS SELECT m FROM t",
        "CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE POLICY p ON t USING (m = 'ok')",
        "CREATE DOMAIN d AS mood",
    ],
)
def test_what_cannot_be_restored_is_refused(pg_engine: sa.Engine, dependent: str) -> None:
    execute(pg_engine, *USED, dependent)
    before = dump(pg_engine)

    with pytest.raises(CommandError, match=r"mood is used by \w"):
        run(pg_engine, altering(OLD, ("ok", "happy")))
    assert before == dump(pg_engine)


def test_rows_with_a_removed_label_are_refused(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED)
    before = dump(pg_engine)

    with pytest.raises(
        CommandError, match=r"1 rows of t.m hold a label that is removed .*UPDATE them before"
    ):
        run(pg_engine, altering(OLD, ("sad", "ok")))
    assert before == dump(pg_engine)


def test_many_rows_are_not_written_anew_for_a_label(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED, "INSERT INTO t (m) SELECT 'ok' FROM generate_series(1, 150000)")
    oid = read(pg_engine, "SELECT 'mood'::regtype::oid")
    run(pg_engine, altering(OLD, (*OLD, "great")))

    assert oid == read(pg_engine, "SELECT 'mood'::regtype::oid")
    assert [*OLD, "great"] == labels(pg_engine)


GENERATED = "ALTER TABLE t ADD COLUMN g boolean GENERATED ALWAYS AS (m = 'ok') STORED"
MANY = "INSERT INTO t (m) SELECT 'ok' FROM generate_series(1, 150000)"


@pytest.mark.parametrize("beside", [GENERATED, MANY], ids=["generated column", "many rows"])
@pytest.mark.parametrize(
    "use",
    [
        "UPDATE t SET m = 'great' WHERE m <> 'ok'",
        "ALTER TABLE t ALTER m SET DEFAULT 'great'",
        "ALTER TABLE t ADD CHECK (m <> 'great')",
    ],
)
def test_a_label_that_is_told_to_be_used_can_be_used_at_once(
    pg_engine: sa.Engine, beside: str, use: str
) -> None:
    execute(pg_engine, *USED, beside)

    def script(op: Any, *, used: bool) -> None:
        op.moltres_alter_enum(mood(*OLD), mood(*MORE), used=used)
        with op.moltres_alter_table("t") as t:
            t.add_constraint(check("m <> 'great' OR id > 0", name="ck_new"))
        op.execute(use)

    with pytest.raises(CommandError, match=r"pass used=True to op\.moltres_alter_enum"):
        run(pg_engine, lambda op: script(op, used=False))
    run(pg_engine, lambda op: script(op, used=True))
    assert [*MORE] == labels(pg_engine)


def test_a_label_that_is_used_beside_a_view_is_refused_by_name(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED, "CREATE VIEW v AS SELECT m FROM t")
    before = dump(pg_engine)
    with pytest.raises(CommandError, match=r"mood is used by .*view v.*drop that before"):
        run(pg_engine, lambda op: op.moltres_alter_enum(mood(*OLD), mood(*MORE), used=True))
    assert before == dump(pg_engine)


def test_a_renamed_label_leaves_the_rows_as_they_are(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED)
    oid = read(pg_engine, "SELECT 'mood'::regtype::oid")
    run(pg_engine, altering(OLD, ("sad", "fine", "happy"), {"ok": "fine"}))

    assert oid == read(pg_engine, "SELECT 'mood'::regtype::oid")


def test_generated_columns_do_not_move_for_a_label(pg_engine: sa.Engine) -> None:
    generated = (
        "ALTER TABLE t ADD COLUMN g boolean GENERATED ALWAYS AS (m = 'ok') STORED, ADD COLUMN z int"
    )
    execute(pg_engine, *USED, generated)
    run(pg_engine, altering(OLD, (*OLD, "great")))
    assert [("g",), ("z",)] == read(
        pg_engine,
        "SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum OFFSET 5",
    )


def test_a_type_in_another_schema_is_altered(pg_engine: sa.Engine) -> None:
    execute(
        pg_engine,
        "CREATE SCHEMA app",
        "CREATE TYPE app.\"Mood\" AS ENUM ('a')",
        'CREATE TABLE app.t (m app."Mood")',
    )
    old, new = ("ENUM('a',name='Mood',schema='app')", "ENUM('b','a',name='Mood',schema='app')")
    run(pg_engine, lambda op: op.moltres_alter_enum(old, new))
    assert "'b'" in dump(pg_engine)


def test_offline_writes_what_online_executes(pg_engine: sa.Engine) -> None:
    execute(pg_engine, *USED)
    script = altering(OLD, (*OLD, "50%:a"))
    (statement,) = run(pg_engine, script)
    assert f"{statement};\n\n" == offline(pg_engine.url, script)


@pytest.mark.parametrize("url", ["sqlite://", "mysql+pymysql://", "mariadb+pymysql://"])
def test_where_enums_have_no_life_of_their_own_nothing_happens(url: str) -> None:
    assert offline(url, altering(OLD, ("ok",))) == ""


def test_two_types_are_refused() -> None:
    with pytest.raises(CommandError, match="are different types; give both the same name"):
        offline(
            "postgresql://", lambda op: op.moltres_alter_enum(mood("a"), "ENUM('a',name='other')")
        )


@pytest.mark.parametrize(
    ("there", "old", "new", "becomes"),
    [
        pytest.param(
            ("a", "x", "b"), ("a", "b"), ("a", "b", "z"), ["a", "x", "b", "z"], id="added"
        ),
        pytest.param(
            ("a", "b", "z"), ("a", "b"), ("a", "b", "z"), ["a", "b", "z"], id="added-both"
        ),
        pytest.param(("x", "a"), ("a",), ("z", "a"), ["z", "x", "a"], id="added-before"),
        pytest.param(("a", "x", "z"), ("a", "z"), ("a",), ["a", "x"], id="removed"),
        pytest.param(("a", "x"), ("a", "z"), ("a",), ["a", "x"], id="removed-already"),
    ],
)
def test_labels_of_two_branches_come_and_go(
    pg_engine: sa.Engine,
    there: tuple[str, ...],
    old: tuple[str, ...],
    new: tuple[str, ...],
    becomes: list[str],
) -> None:
    execute(pg_engine, f"CREATE TYPE mood AS ENUM {there!r}".replace(",)", ")"))
    execute(pg_engine, "CREATE TABLE t (m mood)")
    run(pg_engine, altering(old, new))
    assert becomes == labels(pg_engine)


def test_labels_of_two_branches_are_refused_where_they_are_no_mere_addition(
    pg_engine: sa.Engine,
) -> None:
    execute(pg_engine, "CREATE TYPE mood AS ENUM ('a', 'x')")
    for old, new in ((("a", "b"), ("b", "a")), (("a", "b"), ("a", "c")), (("b",), ("b", "c"))):
        with pytest.raises(CommandError, match="has the labels"):
            run(pg_engine, altering(old, new))
    assert ["a", "x"] == labels(pg_engine)


@pytest.mark.parametrize(
    "grants",
    [
        pytest.param((), id="none"),
        pytest.param(("REVOKE USAGE ON TYPE mood FROM PUBLIC",), id="of-nobody"),
        pytest.param(
            (
                "REVOKE USAGE ON TYPE mood FROM PUBLIC",
                "GRANT USAGE ON TYPE mood TO pg_monitor WITH GRANT OPTION",
                "GRANT USAGE ON TYPE mood TO pg_read_all_stats",
            ),
            id="of-two",
        ),
    ],
)
def test_a_type_whose_labels_change_keeps_its_owner_and_its_grants(
    pg_engine: sa.Engine, grants: tuple[str, ...]
) -> None:
    rights = "SELECT typowner::regrole::text, typacl::text FROM pg_type WHERE typname = 'mood'"
    for statement in ("CREATE TYPE mood AS ENUM ('a', 'b')", "CREATE TABLE t (m mood)", *grants):
        execute(pg_engine, statement)
    before = read(pg_engine, rights)
    run(pg_engine, altering(("a", "b"), ("b", "a")))
    assert before == read(pg_engine, rights)


@pytest.mark.parametrize("conforming", ["on", "off"])
def test_a_backslash_in_a_label_is_one_whatever_strings_conform_to(
    pg_engine: sa.Engine, conforming: str
) -> None:
    (database,) = read(pg_engine, "SELECT current_database()")[0]
    with pg_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            f'ALTER DATABASE "{database}" SET standard_conforming_strings = {conforming}'
        )
    pg_engine.dispose()
    table = TableSchema("t", [column("m", mood("a\\b", "5%"))])
    run(pg_engine, lambda op: op.moltres_create_table(table))
    run(pg_engine, altering(("a\\b", "5%"), ("c\\'d", "a\\b", "5%")))
    assert ["c\\'d", "a\\b", "5%"] == labels(pg_engine)
    run(pg_engine, lambda op: op.moltres_drop_table(table))
    text = offline(pg_engine.url, lambda op: op.moltres_create_table(table))
    execute(pg_engine, text)
    assert ["a\\b", "5%"] == labels(pg_engine)
