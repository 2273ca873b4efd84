"""MariaDB and MySQL as others have set them up: rights, sql_mode, system versioning, odd characters."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql as my

from alembic_moltres.convert import model_to_schema
from alembic_moltres.dialects.base.align import align
from alembic_moltres.dialects.base.reflection import reflect_expected, reflect_table
from alembic_moltres.dialects.mysql.reflection import read, table_names
from alembic_moltres.diff import Change, diff
from alembic_moltres.schema import CheckConstraint, ForeignKeyConstraint
from alembic_moltres.sqltext import (
    MYSQL,
    MYSQL_ANSI_QUOTES,
    MYSQL_ANSI_QUOTES_BACKSLASHES,
    MYSQL_BACKSLASHES,
    Syntax,
    tokens,
)

User = Callable[[str], sa.Engine]

BREAKS = ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\r\n", "\x1a", "`"]
"""What `str.splitlines` takes for the end of a line, and other characters that end something somewhere."""


def changes(connection: sa.Connection, metadata: sa.MetaData) -> tuple[Change, ...]:
    """Return what autogenerate would find."""
    dialects = (connection.dialect,)
    tables = [model_to_schema(each, dialects=dialects) for each in metadata.sorted_tables]
    current = {each.table.name: each for each in read(connection, None, [t.name for t in tables])}
    expected = reflect_expected(connection, tables)
    aligned = [align(current[each.table.name], each) for each in expected]
    return diff(aligned, [each.table for each in expected])


def of_all_kinds() -> sa.MetaData:
    """Tables with what only one of the server's views, or SHOW CREATE TABLE, tells of."""
    metadata = sa.MetaData()
    sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), server_default="x", comment="it's"),
        sa.Column("json", sa.JSON),
        sa.Column("p", sa.ForeignKey("parent.id", ondelete="CASCADE")),
        sa.Column("q", sa.ForeignKey("parent.id", name="named", onupdate="SET NULL")),
        sa.Column("twice", sa.String(99), sa.Computed("concat(name, name)")),
        sa.CheckConstraint("name <> 'it''s'"),
        sa.CheckConstraint("length(name) > 0", name="ck"),
        sa.Index("ix", "name"),
    )
    return metadata


@pytest.fixture
def user(mariadb_engine: sa.Engine) -> Iterator[User]:
    """Make the engine of a user who has these rights, `{}` for the object."""
    name = f"{mariadb_engine.url.database}"[-30:]
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE USER {name} IDENTIFIED BY 'x'")

        def engine(grant: str) -> sa.Engine:
            connection.exec_driver_sql(f"GRANT {grant} TO {name}")
            url = mariadb_engine.url.set(username=name, password="x")
            return sa.create_engine(url, poolclass=sa.NullPool)

        yield engine
        connection.exec_driver_sql(f"DROP USER {name}")


@pytest.mark.parametrize(
    "grant",
    [
        "SELECT ON {database}.*",
        "SELECT, CREATE TEMPORARY TABLES ON {database}.*",
        "SELECT, SHOW VIEW ON {database}.*",
        "SELECT, INSERT ON {database}.*",
        "SELECT ON {database}.t",
    ],
)
def test_a_user_who_may_only_read_sees_no_difference(
    mariadb_engine: sa.Engine, user: User, grant: str
) -> None:
    metadata = of_all_kinds()
    metadata.create_all(mariadb_engine)
    user(f"SELECT ON {mariadb_engine.url.database}.parent")
    reading = user(grant.format(database=mariadb_engine.url.database))
    with reading.connect() as connection:
        assert changes(connection, metadata) == ()


def test_a_user_who_may_only_read_sees_foreign_keys_as_everybody_does(
    mariadb_engine: sa.Engine, user: User
) -> None:
    of_all_kinds().create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE t ADD COLUMN (`a ``b` INT, `c,(d` INT)")
        connection.exec_driver_sql("ALTER TABLE parent ADD COLUMN (x INT, y INT), ADD KEY (x, y)")
        connection.exec_driver_sql(
            "ALTER TABLE t ADD CONSTRAINT `odd ``name` FOREIGN KEY (`a ``b`, `c,(d`) "
            "REFERENCES parent (x, y) ON DELETE SET NULL ON UPDATE CASCADE"
        )
        expected = reflect_table(connection, "t")
    reading = user(f"SELECT ON {mariadb_engine.url.database}.*")
    with reading.connect() as connection:
        actual = reflect_table(connection, "t")
    assert expected.columns == actual.columns
    assert sorted(map(repr, expected.constraints)) == sorted(map(repr, actual.constraints))
    assert 3 == sum(isinstance(each, ForeignKeyConstraint) for each in actual.constraints)


def test_a_right_on_columns_alone_is_enough_to_look(mariadb_engine: sa.Engine, user: User) -> None:
    of_all_kinds().create_all(mariadb_engine)
    reading = user(f"SELECT (id, name) ON {mariadb_engine.url.database}.t")
    with reading.connect() as connection:
        assert ["id", "name"] == [each.name for each in reflect_table(connection, "t").columns]


@pytest.mark.parametrize("versioned", ["", "columns"])
def test_system_versioned_tables_are_seen_and_match_their_models(
    mariadb_engine: sa.Engine, versioned: str
) -> None:
    metadata = of_all_kinds()
    metadata.create_all(mariadb_engine)
    named = (
        "ADD s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, ADD e TIMESTAMP(6) "
        "GENERATED ALWAYS AS ROW END, ADD PERIOD FOR SYSTEM_TIME(s, e), "
    )
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql(
            f"ALTER TABLE t {named if versioned == 'columns' else ''} ADD SYSTEM VERSIONING"
        )
        assert ["parent", "t"] == table_names(connection, None)
        assert changes(connection, metadata) == ()


@pytest.mark.parametrize("odd", BREAKS, ids=ascii)
def test_characters_that_end_a_line_somewhere_are_text(mariadb_engine: sa.Engine, odd: str) -> None:
    text, metadata = f"a{odd}b", sa.MetaData()
    sa.Table(
        f"t{odd}t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(50), server_default=text, comment=text),
        sa.Column("e", my.ENUM(text, "y"), server_default=text),
        sa.Column("x", sa.String(50), server_default=sa.func.concat("q", text)),
        sa.Column("g", sa.String(90), sa.Computed(sa.func.concat(sa.column("a"), text))),
        sa.Column(f"n{odd}n", sa.String(9), server_default="q"),
        sa.CheckConstraint(sa.column("a") != text),
        sa.Index(f"i{odd}i", f"n{odd}n"),
        comment=text,
    )
    metadata.create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        assert changes(connection, metadata) == ()
        read_back = reflect_table(connection, f"t{odd}t")
    assert text == read_back.column("a").default
    assert [text, text] == [read_back.comment, read_back.column("a").comment]


@pytest.mark.parametrize(
    "setting", ["sql_mode = 'ORACLE'", "sql_mode = 'MYSQL40'", "sql_quote_show_create = 0"]
)
def test_the_session_has_its_settings_after_a_comparison(
    mariadb_engine: sa.Engine, setting: str
) -> None:
    metadata = of_all_kinds()
    metadata.create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql(f"SET {setting}")
        asked = "SELECT @@sql_mode, @@sql_quote_show_create"
        before = connection.exec_driver_sql(asked).one()
        changes(connection, metadata)
        assert before == connection.exec_driver_sql(asked).one()


def test_names_without_quotes_are_read(mariadb_engine: sa.Engine) -> None:
    metadata = of_all_kinds()
    metadata.create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql("SET sql_quote_show_create = 0")
        assert changes(connection, metadata) == ()


@pytest.mark.parametrize(
    ("syntax", "text", "expected"),
    [
        pytest.param(MYSQL, r"""'a\'b' "c" `d`""", [r"a'b", "c", "d"], id="no mode"),
        pytest.param(
            MYSQL_ANSI_QUOTES, r"""'a\'b' "c""c" `d`""", ["a'b", 'c"c', "d"], id="ANSI_QUOTES"
        ),
        pytest.param(
            MYSQL_BACKSLASHES, r"""'a\' "c\" `d`""", ["a\\", "c\\", "d"], id="NO_BACKSLASH_ESCAPES"
        ),
        pytest.param(
            MYSQL_ANSI_QUOTES_BACKSLASHES, r"""'a\' "c\" `d`""", ["a\\", "c\\", "d"], id="both"
        ),
    ],
)
def test_each_sql_mode_has_its_syntax(syntax: Syntax, text: str, expected: list[str]) -> None:
    found = tokens(text, syntax)
    assert expected == [token.value for token in found]
    assert (syntax in {MYSQL_ANSI_QUOTES, MYSQL_ANSI_QUOTES_BACKSLASHES}) == found[1].is_name


def test_each_syntax_reads_what_it_writes() -> None:
    for syntax in (MYSQL, MYSQL_ANSI_QUOTES, MYSQL_BACKSLASHES, MYSQL_ANSI_QUOTES_BACKSLASHES):
        for text in ("it's", '"', "\\", "\\'", "a\\n"):
            (token,) = tokens(syntax.literal(text), syntax)
            assert (True, text) == (token.is_string, token.value)


def reflected_check(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        (check,) = reflect_table(connection, "t").constraints
    assert isinstance(check, CheckConstraint)
    return check.expression.text


def test_an_expression_is_written_as_the_mode_reads_it(mariadb_engine: sa.Engine) -> None:
    with mariadb_engine.connect() as connection:
        connection.exec_driver_sql(r"CREATE TABLE t (a VARCHAR(9), CHECK (a <> 'it''s \\'))")
    url = mariadb_engine.url.update_query_dict({"sql_mode": "NO_BACKSLASH_ESCAPES"})
    assert r"`a` <> 'it\'s \\'" == reflected_check(mariadb_engine)
    assert r"`a` <> 'it''s \'" == reflected_check(sa.create_engine(url, poolclass=sa.NullPool))
