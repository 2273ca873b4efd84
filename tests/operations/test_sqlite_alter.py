"""Blocks on real SQLite files: what a copy keeps, and when there is none."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres import (
    check,
    column,
    computed,
    exclude,
    foreign_key,
    index,
    primary_key,
    sql,
    unique,
)
from alembic_moltres.dialects.base.reflection import reflect_table
from tests.operations.context import offline, recorded, run
from tests.operations.sqlite_file import Block, SQLiteFile, alter, copies

AGE = column("age", "INTEGER", default=5)
NEW_AGE = column("age", "BIGINT", default=7, nullable=False)


@pytest.fixture
def file(tmp_path: Path) -> SQLiteFile:
    return SQLiteFile(tmp_path / "test.db")


def test_a_copy_changes_what_the_block_says_and_nothing_else(file: SQLiteFile) -> None:
    before, rows = file.schema(), file.rows()
    file.alter(lambda t: t.alter_column(AGE, NEW_AGE))
    after = file.schema()
    old, new = before.pop("users"), after.pop("users")
    assert ["age bigint default 7 not null check ( age > 0 )"] == [p for p in new if p not in old]
    assert ["age int default 5 check ( users . age > 0 )"] == [p for p in old if p not in new]
    assert before == after
    assert rows == file.rows()
    assert "-- counts\n" in file.sql()
    assert "/* a, b */" in file.sql()


def test_triggers_views_keys_and_counters_work_after_a_copy(file: SQLiteFile) -> None:
    file.alter(lambda t: t.alter_column(AGE, NEW_AGE), foreign_keys=True)
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("INSERT INTO seen (said) VALUES ('dee'), ('ANN')")
        connection.execute("INSERT INTO posts VALUES (9, 91)")
        connection.execute("DELETE FROM users WHERE id = 1")
        connection.commit()
    assert [(91, "dee", 8, "DEE", 16)] == file.ask(
        "SELECT id, name, age, upper_name, twice FROM users"
    )
    assert [(9, 91)] == file.ask("SELECT * FROM posts")
    assert ("dee",) in file.ask("SELECT said FROM log")


def everything(t: Any) -> None:
    t.drop_index(index("ix_lower", [sql("lower(name) DESC"), "age"]))
    t.drop_constraint(check("\"order\" <> ''", name="ck_order"))
    t.rename_column("name", "called")
    t.drop_column(column("order", "VARCHAR(10)", default="a,(b"))
    t.alter_column(AGE, NEW_AGE, fill_null=True)
    t.add_column(column("mail", "VARCHAR(20)", nullable=False, default="x"))
    t.add_constraint(unique(["mail", "called"], name="uq_mail"))
    t.add_constraint(foreign_key("age", "numbers", "n", name="fk_age"))
    t.add_constraint(check("length(called) > 0"))
    t.create_index(index("ix_mail", "mail"))


@pytest.mark.parametrize("foreign_keys", [False, True])
def test_every_kind_of_change_in_one_block_is_one_copy(
    file: SQLiteFile, *, foreign_keys: bool
) -> None:
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("UPDATE users SET age = NULL WHERE id = 2")
        connection.commit()
    statements = file.alter(everything, foreign_keys=foreign_keys)
    assert 1 == copies(statements)
    assert [
        (1, "ann", 7, "ANN", "x"),
        (2, "bob", 7, "BOB", "x"),
        (3, "cy", 6, "CY", "x"),
    ] == file.ask("SELECT id, called, age, upper_name, mail FROM users")
    assert 3 == len(file.ask("SELECT * FROM posts"))
    assert "new.called" in file.sql("tr_users")


def test_every_kind_of_change_is_undone_by_the_reverse(file: SQLiteFile) -> None:
    before, rows = file.schema(), file.rows()["users"]
    file.alter_and_back(everything)
    undone = file.schema()
    before["users"].remove("age int default 5 check ( users . age > 0 )")
    undone["users"].remove("age integer default 5 check ( age > 0 )")  # as the script has it
    del before["ix_lower"], undone["ix_lower"]
    assert before == undone
    kept = [(id_, name, age, *rest[:3]) for id_, name, age, *rest in file.rows()["users"]]
    assert [row[:6] for row in rows] == kept


SMALL = """
CREATE TABLE parents (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE t (
    id INTEGER NOT NULL,
    a INTEGER,
    b TEXT COLLATE nocase DEFAULT 'x' NOT NULL,
    c INTEGER,
    spare TEXT,
    CONSTRAINT pk_t PRIMARY KEY (id),
    UNIQUE (a),
    CONSTRAINT ck_c CHECK (c > 0),
    CHECK (a <> c),
    FOREIGN KEY(c) REFERENCES parents (id),
    CONSTRAINT fk_b FOREIGN KEY(b) REFERENCES parents (code) ON DELETE CASCADE
);
CREATE INDEX ix_b ON t (b) WHERE b > '';
INSERT INTO parents VALUES (1, 'x'), (2, 'y');
INSERT INTO t VALUES (1, 7, 'x', 1, NULL), (2, 8, 'y', 2, NULL);
"""

A, B = column("a", "INTEGER"), column("b", "VARCHAR(9)", default="x", nullable=False)

COPIED: dict[str, Block] = {
    "type": lambda t: t.alter_column(A, column("a", "VARCHAR(50)")),
    "type-and-collation": lambda t: t.alter_column(A, column("a", "VARCHAR(5,collation='NOCASE')")),
    "not-null": lambda t: t.alter_column(A, column("a", "INTEGER", nullable=False)),
    "default": lambda t: t.alter_column(A, column("a", "INTEGER", default=3)),
    "default-expression": lambda t: t.alter_column(
        A, column("a", "INTEGER", default=sql("abs(-1)"))
    ),
    "default-removed": lambda t: t.alter_column(B, column("b", "VARCHAR(9)", nullable=False)),
    "not-null-removed": lambda t: t.alter_column(B, column("b", "VARCHAR(9)", default="x")),
    "check-in-a-column": lambda t: t.alter_column(
        A, column("a", "INTEGER", constraints=(check("a > 1", name="ck_a"),))
    ),
    "computed": lambda t: t.add_column(
        column("d", "INTEGER", computed=computed("a * 2", persisted=True))
    ),
    "unique": lambda t: t.add_constraint(unique(["a", "b"], name="uq_ab")),
    "unique-nameless": lambda t: t.drop_constraint(unique("a")),
    "check": lambda t: t.add_constraint(check("a > 0")),
    "check-named": lambda t: t.drop_constraint(check("c > 0", name="ck_c")),
    "check-nameless": lambda t: t.drop_constraint(check("a <> c")),
    "foreign-key": lambda t: t.drop_constraint(
        foreign_key("b", "parents", "code", name="fk_b", on_delete="CASCADE")
    ),
    "foreign-key-nameless": lambda t: t.drop_constraint(foreign_key("c", "parents", "id")),
    "foreign-key-to-itself": lambda t: [
        t.alter_column(A, column("a", "INTEGER", default=1)),
        t.add_constraint(foreign_key("id", "t", "id", name="fk_t", use_alter=True)),
        t.rename_column("id", "key"),
    ],
    "primary-key-columns": lambda t: [
        t.drop_constraint(primary_key("id", name="pk_t")),
        t.add_constraint(primary_key(["id", "a"], name="pk_t")),
    ],
    "primary-key-name": lambda t: [
        t.drop_constraint(primary_key("id", name="pk_t")),
        t.add_constraint(primary_key("id", name="pk_other")),
    ],
    "autoincrement": lambda t: [
        t.drop_constraint(primary_key("id", name="pk_t")),
        t.set_options({"sqlite_autoincrement": True}, {}),
        t.add_constraint(primary_key("id")),
    ],
    "without-rowid": lambda t: t.set_options({"sqlite_with_rowid": False}, {}),
    "strict": lambda t: t.set_options({"sqlite_strict": True}, {}),
    "column-not-null": lambda t: t.add_column(
        column("d", "TIMESTAMP", default=sql.now(), nullable=False)
    ),
    "column-with-a-unique": lambda t: [
        t.add_column(column("d", "INTEGER")),
        t.add_constraint(unique("d")),
    ],
    "column-that-a-check-names": lambda t: [
        t.drop_constraint(check("c > 0", name="ck_c")),
        t.drop_constraint(check("a <> c")),
        t.drop_constraint(foreign_key("c", "parents", "id")),
        t.drop_column(column("c", "INTEGER")),
    ],
    "rename-and-keys": lambda t: [
        t.drop_constraint(unique("a")),
        t.rename_column("a", "called a"),
        t.add_column(column("a", "VARCHAR(3)")),
        t.add_constraint(unique(["called a"])),
        t.add_constraint(check('"called a" > 0', name="ck_called")),
    ],
    "keywords-as-names": lambda t: [
        t.drop_constraint(primary_key("id", name="pk_t")),
        t.alter_column(A, column("a", "INTEGER", default=1)),
        t.rename_column("id", "key"),
        t.rename_column("a", "and"),
        t.add_constraint(primary_key("key", name="pk_new")),
        t.add_constraint(check('key > 0 AND "and" > 0 AND abs(key) > 0', name="ck_and")),
        t.add_constraint(foreign_key("key", "t", "key", name="fk_t")),
        t.add_constraint(foreign_key("key", "parents", "id", name="fk_parents")),
    ],
    "two-columns-change-names": lambda t: [
        t.drop_constraint(unique("a")),
        t.rename_column("a", "other"),
        t.rename_column("c", "a"),
        t.rename_column("other", "c"),
        t.alter_column(column("a", "INTEGER"), column("a", "BIGINT")),
        t.add_constraint(unique("c")),
    ],
}

NATIVE: dict[str, Block] = {
    "rename": lambda t: t.rename_column("a", "an a"),
    "add": lambda t: t.add_column(column("d", "VARCHAR(5)")),
    "add-with-default": lambda t: t.add_column(column("d", "INTEGER", default=-1, nullable=False)),
    "add-with-text": lambda t: t.add_column(column("d", "TEXT", default="it's", nullable=False)),
    "add-default-null": lambda t: t.add_column(column("d", "TEXT", default=sql("NULL"))),
    "add-virtual": lambda t: t.add_column(
        column("d", "INTEGER", computed=computed("a * 2", persisted=False))
    ),
    "add-with-check": lambda t: [
        t.add_column(column("d", "INTEGER")),
        t.add_column(column("e", "INTEGER")),
        t.add_constraint(check("d < e", name="ck_d")),
        t.add_constraint(check("e > 0")),
    ],
    "add-with-foreign-key": lambda t: [
        t.add_column(column("d", "INTEGER")),
        t.add_constraint(
            foreign_key("d", "parents", "id", name="fk_d", on_delete="SET NULL", deferrable=True)
        ),
    ],
    "drop": lambda t: t.drop_column(column("spare", "TEXT")),
    "index": lambda t: [
        t.drop_index(index("ix_b", "b", dialect_options={"sqlite_where": sql("b > ''")})),
        t.create_index(index("ix_a", "a")),
    ],
    "comment": lambda t: [
        t.set_comment("new"),
        t.alter_column(A, column("a", "INTEGER", comment="new")),
    ],
    "other-dialects": lambda t: [
        t.add_constraint(check("a > 0", ddl_if="postgresql")),
        t.create_index(index("ix_pg", "a", ddl_if="postgresql")),
        t.set_options({"mysql_engine": "InnoDB"}, {}),
        t.alter_column(A, column("a", "INTEGER", type_variants={"postgresql": "BIGINT"})),
    ],
    "rename-and-drop": lambda t: [
        t.rename_column("spare", "dd"),
        t.drop_column(column("dd", "TEXT")),
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> SQLiteFile:
    return SQLiteFile(tmp_path / "small.db", SMALL)


@pytest.mark.parametrize("block", [pytest.param(b, id=name) for name, b in COPIED.items()])
def test_what_sqlite_cannot_alter_is_one_copy(small: SQLiteFile, block: Block) -> None:
    assert 1 == copies(small.alter(block, "t"))
    assert [1, 2] == [row[0] for row in small.ask("SELECT * FROM t")]
    assert [("ok",)] == small.ask("PRAGMA integrity_check")


@pytest.mark.parametrize("name", sorted(COPIED.keys() - {"column-that-a-check-names"}))
def test_a_copy_and_its_reverse_give_the_table_again(small: SQLiteFile, name: str) -> None:
    before, rows = small.schema(), small.rows()
    small.alter_and_back(COPIED[name], "t")
    assert before == small.schema()
    assert rows["parents"] == small.rows()["parents"]
    assert [row[0] for row in rows["t"]] == [row[0] for row in small.rows()["t"]]


def test_a_dropped_column_comes_back_with_its_constraints_and_without_a_copy(
    small: SQLiteFile,
) -> None:
    with small.engine().connect() as connection:
        before = reflect_table(connection, "t")
    small.alter_and_back(COPIED["column-that-a-check-names"], "t")
    with small.engine().connect() as connection:
        after = reflect_table(connection, "t")
    assert set(before.columns) == set(after.columns)
    assert set(before.constraints) == set(after.constraints)


@pytest.mark.parametrize("block", [pytest.param(b, id=name) for name, b in NATIVE.items()])
def test_what_sqlite_can_alter_is_undone_without_more_than_one_copy(
    small: SQLiteFile, block: Block
) -> None:
    before = small.schema()
    small.alter_and_back(block, "t")
    after = small.schema()
    before["t"].remove("spare text")
    after["t"].remove("spare text")
    assert before == after


@pytest.mark.parametrize("block", [pytest.param(b, id=name) for name, b in NATIVE.items()])
def test_what_sqlite_can_alter_is_no_copy(small: SQLiteFile, block: Block) -> None:
    statements = small.alter(block, "t")
    assert 0 == copies(statements)
    assert [] == [each for each in statements if each.startswith(("BEGIN", "PRAGMA"))]


NOT_THERE: dict[str, tuple[Block, str]] = {
    "constraint-by-name": (
        lambda t: t.drop_constraint(check("c > 0", name="ck_cc")),
        "there is no check constraint 'ck_cc' to drop (at the table 't'; it has ck_c, fk_b, pk_t); did you mean 'ck_c'?",
    ),
    "constraint-by-content": (
        lambda t: t.drop_constraint(unique(["a", "c"])),
        "there is no unique constraint on (a, c) to drop (at the table 't'; it has ck_c, fk_b, pk_t); drop it as the database has it",
    ),
    "column": (
        lambda t: t.alter_column(column("aa", "TEXT"), column("aa", "INTEGER")),
        "there is no column 'aa' (at the table 't'); did you mean 'a'?",
    ),
    "check-in-a-column": (
        lambda t: t.alter_column(
            column("a", "INTEGER", constraints=(check("a > 1"),)), column("a", "INTEGER")
        ),
        "the column 'a' has no CHECK (a > 1) to drop (at the table 't'); give the column as the database has it",
    ),
    "column-that-is-there": (
        lambda t: [t.add_column(column("a", "INTEGER")), t.add_constraint(unique("a"))],
        "the column 'a' already exists (at the table 't'); drop or rename it before, or take add_column out of the script",
    ),
    "column-in-an-index": (
        lambda t: t.drop_column(column("b", "TEXT")),
        "the index 'ix_b' uses the column 'b', which is dropped (at the table 't'); drop the index before it, in the same block",
    ),
    "exclude": (
        lambda t: t.add_constraint(exclude(("a", "="))),
        "cannot compile constraint exclude(('a', '=')) of the table 't' for sqlite: sqlite has no ExcludeConstraint",
    ),
}


@pytest.mark.parametrize(
    ("block", "words"), [pytest.param(*case, id=name) for name, case in NOT_THERE.items()]
)
def test_what_is_not_there_is_refused_before_the_first_statement(
    small: SQLiteFile, block: Block, words: str
) -> None:
    before = small.everything()
    with (
        small.engine().connect() as connection,
        recorded(connection) as statements,
        pytest.raises(CommandError, match=f"^{re.escape(words)}"),
    ):
        alter(connection, block, "t")
    assert [] == [each for each in statements if not each.startswith("SELECT")]
    assert before == small.everything()


def test_a_missing_table_a_view_and_a_virtual_table_are_refused(file: SQLiteFile) -> None:
    file.ask("SELECT 1")
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(said)")
    for table, words in {
        "usres": "there is no table 'usres' to alter (at main); did you mean 'users'?",
        "seen": "'seen' is a view, no table to alter; drop it and create it again",
        "words": "'words' is a virtual table, no table to alter; drop it and create it again",
    }.items():
        for block in (
            lambda t: t.alter_column(AGE, NEW_AGE),
            lambda t: t.add_column(column("more", "TEXT")),  # it is read when SQLite rejects it
        ):
            with pytest.raises(CommandError, match=re.escape(words)):
                file.alter(block, table)


DEPENDANTS: dict[str, tuple[Block, str]] = {
    "rows-with-null": (
        lambda t: t.alter_column(
            column("parent", "INTEGER"), column("parent", "INTEGER", nullable=False)
        ),
        (
            "the database refuses the new form of the table 'users': NOT NULL constraint failed: users.parent; "
            "pass a default and fill_null=True to alter_column(), or update the NULL rows first, for example with op.execute() in this script"
        ),
    ),
    "rows-and-a-check": (
        lambda t: t.add_constraint(check("age > 5", name="ck_more")),
        "the database refuses the new form of the table 'users': CHECK constraint failed: ck_more",
    ),
    "rows-and-a-unique": (
        lambda t: t.add_constraint(unique("order")),
        "the database refuses the new form of the table 'users': UNIQUE constraint failed: users.order",
    ),
    "rows-and-a-strict-type": (
        lambda t: [
            t.drop_constraint(unique("name", dialect_options={"sqlite_on_conflict": "IGNORE"})),
            t.alter_column(column("name", "TEXT"), column("name", "INTEGER")),
            t.alter_column(column("order", "TEXT"), column("order", "INTEGER")),
            t.add_column(column("new", "INTEGER")),
            t.set_options({"sqlite_strict": True}, {}),
        ],
        "the database refuses the new form of the table 'users': missing datatype for users.twice",
    ),
    "view": (
        lambda t: [
            t.drop_column(column("upper_name", "TEXT")),
            t.add_constraint(check("age > 0")),
        ],
        (
            "a view or trigger would be broken: error in view seen: no such column: upper_name (at the table 'users'); "
            "drop it before the block and create it again afterwards"
        ),
    ),
    "view-without-a-copy": (
        lambda t: t.drop_column(column("twice", "INTEGER")),
        (
            "the database refuses the column 'twice' of the table 'users': error in view twices after drop column: no such column: twice; "
            "drop the dependent object first and create it again afterwards"
        ),
    ),
    "rows-and-a-foreign-key": (
        lambda t: t.add_constraint(foreign_key("age", "posts", "id", name="fk_posts")),
        "3 rows have a foreign key without a parent row, such as the row 1 of 'users' to 'posts' (at the table 'users'); correct the rows before",
    ),
    "key-that-others-refer-to": (
        lambda t: t.drop_constraint(primary_key("id")),
        (
            'a foreign key would no longer match its parent: foreign key mismatch - "posts" referencing "users" (at the table \'users\'); '
            "keep the primary key or UNIQUE that it refers to, or drop the foreign key before"
        ),
    ),
    "syntax": (
        lambda t: t.add_constraint(check("age >")),
        "the database refuses the new form of the table 'users': near \")\": syntax error",
    ),
}


@pytest.mark.parametrize(
    ("block", "words"), [pytest.param(*case, id=name) for name, case in DEPENDANTS.items()]
)
@pytest.mark.parametrize("foreign_keys", [False, True])
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    file: SQLiteFile, block: Block, words: str, *, foreign_keys: bool
) -> None:
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("CREATE VIEW twices AS SELECT twice FROM users")
    before = file.everything()
    with file.engine(foreign_keys=foreign_keys).connect() as connection:
        with pytest.raises(CommandError, match=f"^{re.escape(words)}"):
            alter(connection, block)
        assert foreign_keys == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
        assert 0 == connection.exec_driver_sql("PRAGMA legacy_alter_table").scalar()
        connection.rollback()
    assert before == file.everything()


def test_columns_that_change_on_both_sides_of_a_rename_are_two_copies(small: SQLiteFile) -> None:
    def block(t: Any) -> None:
        t.alter_column(A, column("a", "BIGINT"))
        t.rename_column("a", "z")
        t.rename_column("spare", "a")
        t.alter_column(column("a", "TEXT"), column("a", "VARCHAR(7)"))
        t.add_constraint(unique(["a", "z"], name="uq_az"))

    before = small.schema()
    assert 2 == copies(small.alter(block, "t"))
    assert "z BIGINT" in small.sql("t").replace('"', "")
    assert "a VARCHAR(7)" in small.sql("t").replace('"', "")
    small.path.unlink()
    again = SQLiteFile(small.path, SMALL)
    again.alter_and_back(block, "t")
    assert before == again.schema()


def test_a_nameless_constraint_is_found_however_it_is_spelt(small: SQLiteFile) -> None:
    small.alter(lambda t: t.drop_constraint(check('("A"!=C)')), "t")
    assert "<>" not in small.sql("t")


def test_offline_a_copy_is_refused_and_all_else_is_written() -> None:
    def native(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            t.rename_column("a", "an a")
            t.add_column(column("d", "INTEGER", default=5, nullable=False))
            t.add_constraint(check("d > 0", name="ck_d"))
            t.drop_column(column("c", "INTEGER"))
            t.create_index(index("ix_d", "d"))

    def copy(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            t.create_index(index("ix_d", "d"))
            t.add_constraint(unique("d", name="uq_d"))

    written = offline("sqlite://", native)
    assert [
        'ALTER TABLE t RENAME COLUMN a TO "an a";',
        "ALTER TABLE t ADD COLUMN d INTEGER DEFAULT 5 NOT NULL CONSTRAINT ck_d CHECK (d > 0);",
        "ALTER TABLE t DROP COLUMN c;",
        "CREATE INDEX ix_d ON t (d);",
    ] == [line for line in written.splitlines() if line]
    with pytest.raises(
        CommandError,
        match=re.escape(
            "SQLite must copy the table 't' to add CONSTRAINT uq_d UNIQUE (d), which reads the database, "
            "and --sql reads none; run this revision online"
        ),
    ):
        offline("sqlite://", copy)


def test_names_that_need_quotes_and_an_attached_database(tmp_path: Path) -> None:
    script = """
        CREATE TABLE "it's a ""t%"(":id" INTEGER PRIMARY KEY, [a b] TEXT, `c,d` INT CHECK ("it's a ""t%".`c,d` > 0));
        CREATE INDEX "ix %s" ON "it's a ""t%"([a b]);
        CREATE TRIGGER "tr:x" AFTER INSERT ON "it's a ""t%" BEGIN SELECT 1; END;
        INSERT INTO "it's a ""t%" VALUES (1, ':a', 2);
    """
    main, other = (
        SQLiteFile(tmp_path / "main.db", script),
        SQLiteFile(tmp_path / "other.db", script),
    )
    untouched = main.everything()

    def block(t: Any) -> None:
        t.rename_column("a b", "e:%(f)s")
        t.alter_column(
            column("e:%(f)s", "TEXT"), column("e:%(f)s", "VARCHAR(9)", default="100%:x?")
        )
        t.add_constraint(unique("c,d", name="uq :x%"))

    with main.engine(foreign_keys=True).connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{other.path}' AS \"the other\"")
        alter(connection, block, "it's a \"t%", "the other")
        connection.commit()
    assert untouched == main.everything()
    assert [("it's a \"t%",), ("ix %s",), ("tr:x",)] == other.ask(
        "SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1"
    )
    assert "DEFAULT '100%:x?'" in other.sql("it's a \"t%")
    assert [(1, ":a", 2)] == other.ask('SELECT * FROM "it\'s a ""t%"')


def test_temporary_triggers_and_rowids_stay(tmp_path: Path) -> None:
    file = SQLiteFile(
        tmp_path / "test.db",
        "CREATE TABLE t (a TEXT, oid TEXT); INSERT INTO t (_rowid_, a) VALUES (7, 'x'), (3, 'y');",
    )
    with file.engine().connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE log (a)")
        connection.exec_driver_sql(
            "CREATE TEMP TRIGGER tt AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END"
        )
        alter(connection, lambda t: t.add_constraint(unique("a")), "t")
        connection.exec_driver_sql("INSERT INTO t (a) VALUES ('z')")
        assert [("z",)] == [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM log")]
        connection.commit()
    assert [(3, "y"), (7, "x"), (8, "z")] == file.ask("SELECT rowid, a FROM t ORDER BY 1")


def test_what_was_broken_before_is_not_blamed_on_the_block(file: SQLiteFile) -> None:
    with closing(sqlite3.connect(file.path)) as connection:
        connection.executescript(
            "CREATE VIEW broken AS SELECT * FROM nowhere; INSERT INTO posts VALUES (50, 999);"
            "CREATE TABLE mismatched (a REFERENCES users (age));"
        )
    file.alter(lambda t: t.alter_column(AGE, NEW_AGE), foreign_keys=True)
    assert "age BIGINT" in file.sql()
    assert (50, 999) in file.ask("SELECT * FROM posts")


@pytest.mark.parametrize(
    ("renamed", "expected"), [({"b": "c"}, ["they keep 'b'; update them in the script"]), ({}, [])]
)
def test_rows_that_keep_a_renamed_label_are_said(
    renamed: dict[str, str],
    expected: list[str],
    sqlite_engine: sa.Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def script(op: Any) -> None:
        op.moltres_alter_enum("ENUM('a','b',name='m')", "ENUM('a','c',name='m')", renamed)

    run(sqlite_engine, script)
    messages = [each.getMessage() for each in caplog.records if "alter_enum" in each.getMessage()]
    assert len(expected) == len(messages)
    assert all(text in message for text, message in zip(expected, messages, strict=True))
