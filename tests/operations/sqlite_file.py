"""An SQLite file for a test of altering: what is in it, in its own words, and how it is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event

from alembic_moltres.dialects.sqlite.sqlite_master import quoted
from alembic_moltres.dialects.sqlite.table_text import split_table
from alembic_moltres.dialects.sqlite.tokens import tokenize
from tests.operations.context import recorded

Block = Callable[[Any], object]
"""What happens inside `with op.moltres_alter_table(...)`; several things in a list."""

RICH = """
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- counts
    name TEXT NOT NULL COLLATE nocase,
    age INT DEFAULT 5 CHECK (users.age > 0),
    upper_name TEXT GENERATED ALWAYS AS (upper(name)) STORED,
    twice AS (age * 2),
    parent INTEGER REFERENCES users (id) ON DELETE CASCADE,
    "order" VARCHAR(10) DEFAULT 'a,(b' /* a, b */,
    CONSTRAINT ck_order CHECK ("order" <> ''),
    UNIQUE (name) ON CONFLICT IGNORE
);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE log (said);
CREATE TABLE numbers (n INTEGER PRIMARY KEY);
CREATE INDEX ix_lower ON users (lower(name) DESC, age) WHERE age > 1;
CREATE UNIQUE INDEX "ix age" ON users (age, id);
CREATE TRIGGER tr_users AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.name); END;
CREATE TRIGGER "tr posts" AFTER INSERT ON posts BEGIN UPDATE users SET age = age + 1 WHERE id = new.user_id; END;
CREATE VIEW seen (id, said) AS SELECT id, upper_name FROM users;
CREATE TRIGGER tr_seen INSTEAD OF INSERT ON seen BEGIN INSERT INTO users (name) VALUES (new.said); END;
INSERT INTO users (id, name, parent) VALUES (1, 'ann', NULL), (2, 'bob', 1), (3, 'cy', 2), (90, 'gone', NULL);
DELETE FROM users WHERE id = 90;
INSERT INTO posts VALUES (1, 1), (2, 1), (3, 3);
INSERT INTO numbers VALUES (5), (6), (7);
ANALYZE;
"""
"""A table with everything that a copy can lose, and rows that depend on one another."""


class SQLiteFile:
    """A database file."""

    def __init__(self, path: Path, script: str = RICH) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)

    def ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, on a connection of its own."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def sql(self, name: str = "users") -> str:
        """Return the text of a table, an index, a trigger or a view."""
        [(text,)] = self.ask("SELECT sql FROM sqlite_master WHERE name = ?", name)
        return str(text)

    def schema(self) -> dict[str, list[str]]:
        """Return every text token by token, the parts of a table in any order."""
        rows = self.ask(
            "SELECT name, type, sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'"
        )
        return {name: _parts(sql) if kind == "table" else _tokens(sql) for name, kind, sql in rows}

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every table, and what SQLite keeps of tables."""
        tables = self.ask(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            " AND name NOT IN ('sqlite_schema', 'sqlite_master')"
        )
        return {name: self.ask(f"SELECT * FROM {quoted(name)} ORDER BY 1") for (name,) in tables}

    def everything(self) -> tuple[object, ...]:
        """Return all that there is: each text as it stands, the rows, and SQLite's own check."""
        texts = self.ask("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
        checks = self.ask("PRAGMA integrity_check"), self.ask("PRAGMA foreign_key_check")
        return texts, self.rows(), checks

    def engine(self, *, foreign_keys: bool = False, begins: bool = False) -> sa.Engine:
        """Return an engine.

        Args:
            foreign_keys: enforce them on every connection.
            begins: the recipe of SQLAlchemy's documentation, "Transactions with SQLite and the
                sqlite3 driver": the driver begins nothing, SQLAlchemy does.
        """
        engine = sa.create_engine(f"sqlite:///{self.path}", poolclass=sa.NullPool)

        @event.listens_for(engine, "connect")
        def configure(dbapi_connection: Any, _: Any) -> None:
            if begins:
                dbapi_connection.isolation_level = None
            if foreign_keys:
                dbapi_connection.execute("PRAGMA foreign_keys=ON")

        if begins:
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine

    def alter(self, block: Block, table: str = "users", *, foreign_keys: bool = False) -> list[str]:
        """Run a block as a script does; return the statements."""
        with self.engine(foreign_keys=foreign_keys).connect() as connection:
            with recorded(connection) as statements:
                alter(connection, block, table)
            connection.commit()
        return statements

    def alter_and_back(self, block: Block, table: str = "users") -> None:
        """Run a block and then its reverse."""
        with self.engine().connect() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.moltres_alter_table(table) as altered:  # type: ignore[attr-defined]
                block(altered)
            operations.invoke(altered._block.reverse())
            connection.commit()


def alter(
    connection: sa.Connection, block: Block, table: str = "users", schema: str | None = None
) -> None:
    """Run a block on a connection."""
    operations: Any = Operations(MigrationContext.configure(connection))
    with operations.moltres_alter_table(table, schema=schema) as altered:
        block(altered)


def copies(statements: list[str]) -> int:
    """Count the copies that were made of a table."""
    return sum(
        statement.startswith("INSERT INTO") and "SELECT" in statement for statement in statements
    )


def _parts(sql: str) -> list[str]:
    parts = split_table(sql)
    head = [token.value for token in tokenize(parts.head)]
    items = sorted(" ".join(_tokens(item)) for item in (*parts.columns, *parts.constraints))
    return [*head, *items, *_tokens(parts.tail)]


def _tokens(sql: str) -> list[str]:
    return [
        (token.value if token.kind == "quoted" else token.text).lower() for token in tokenize(sql)
    ]
