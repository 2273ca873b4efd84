"""The tables into which statements insert rows."""

from __future__ import annotations

import pytest

from alembic_moltres.history.insertions import Insertions
from alembic_moltres.sqltext import MYSQL, POSTGRESQL, Syntax

ATOMIC = "LANGUAGE sql BEGIN ATOMIC INSERT INTO b VALUES (1) RETURNING 1; END"


@pytest.mark.parametrize(
    ("syntax", "function", "sql", "tables"),
    [
        pytest.param(MYSQL, "", "REPLACE INTO b VALUES (1)", {"b"}, id="replace-into"),
        pytest.param(MYSQL, "", "REPLACE b VALUES (1)", None, id="replace"),
        pytest.param(MYSQL, "", "UPDATE b SET c = replace(c, 'a', '')", set(), id="a-function"),
        pytest.param(MYSQL, "", "ANALYZE INSERT INTO b VALUES (1)", None, id="analyze"),
        pytest.param(MYSQL, "", "ANALYZE TABLE b", set(), id="analyze-a-table"),
        pytest.param(
            POSTGRESQL,
            "CREATE FUNCTION lower(x text) RETURNS text LANGUAGE sql AS "
            "$$ INSERT INTO b VALUES (1) RETURNING 'x' $$",
            "SELECT lower('A')",
            {"b"},
            id="a-function-named-like-one-of-the-server",
        ),
        pytest.param(
            MYSQL,
            "CREATE FUNCTION f() RETURNS int BEGIN INSERT INTO b VALUES ('x'); RETURN 1; END",
            "SELECT f()",
            {"b"},
            id="a-body-with-a-string",
        ),
        pytest.param(
            POSTGRESQL,
            f"CREATE FUNCTION f(x text DEFAULT 'abc') RETURNS int {ATOMIC}",
            "SELECT f()",
            {"b"},
            id="a-string-before-the-body",
        ),
    ],
)
def test_what_a_statement_inserts_into(
    syntax: Syntax, function: str, sql: str, tables: set[str] | None
) -> None:
    insertions = Insertions(syntax)
    insertions.note(function)
    assert tables == insertions.of(sql)


FUNCTION = "CREATE FUNCTION f() {} LANGUAGE plpgsql AS $$ BEGIN INSERT INTO b VALUES (1); {} END $$"
RETURNING = FUNCTION.format("RETURNS int", "RETURN 1;")
OF_TRIGGER = FUNCTION.format("RETURNS trigger", "RETURN NEW;")
TRIGGER = "CREATE TRIGGER g AFTER INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION f()"
SECOND = "CREATE TRIGGER h AFTER UPDATE ON c FOR EACH ROW INSERT INTO a VALUES (1)"
BODY = "CREATE TRIGGER g AFTER INSERT ON a FOR EACH ROW BEGIN INSERT INTO b VALUES (1); END"
RULE = "CREATE RULE r AS ON INSERT TO a DO ALSO INSERT INTO b VALUES (1)"


@pytest.mark.parametrize(
    ("before", "sql", "tables"),
    [
        pytest.param((), "INSERT INTO a VALUES (1)", set(), id="nothing"),
        pytest.param((RETURNING,), "SELECT f() FROM c", {"b"}, id="a-function"),
        pytest.param((RETURNING,), "DROP FUNCTION f()", set(), id="a-function-dropped"),
        pytest.param((OF_TRIGGER, TRIGGER), "INSERT INTO A VALUES (1)", {"b"}, id="a-trigger"),
        pytest.param((OF_TRIGGER, TRIGGER), "SELECT * FROM a", set(), id="a-query"),
        pytest.param((OF_TRIGGER, TRIGGER), "INSERT INTO c VALUES (1)", set(), id="another-table"),
        pytest.param((OF_TRIGGER, TRIGGER, SECOND), "UPDATE c SET x = 1", {"a", "b"}, id="a-chain"),
        pytest.param((BODY,), "DO $$ BEGIN INSERT INTO a VALUES (1); END $$", {"b"}, id="a-block"),
        pytest.param((RULE,), "INSERT INTO a VALUES (1)", None, id="a-rule"),
    ],
)
def test_what_the_triggers_of_a_statement_insert_into(
    before: tuple[str, ...], sql: str, tables: set[str] | None
) -> None:
    insertions = Insertions(POSTGRESQL, is_harmless=lambda _: True)
    for each in before:
        insertions.note(each)
    assert tables == insertions.beside(sql)
