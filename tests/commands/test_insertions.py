"""The tables into which statements insert rows."""

from __future__ import annotations

import pytest

from alembic_moltres.commands.squashing.insertions import Insertions
from alembic_moltres.sqltext import MYSQL, POSTGRESQL, Syntax

ATOMIC = "LANGUAGE sql BEGIN ATOMIC INSERT INTO b VALUES (1) RETURNING 1; END"


@pytest.mark.parametrize(
    ("syntax", "function", "sql", "tables"),
    [
        pytest.param(MYSQL, "", "REPLACE INTO b VALUES (1)", {"b"}, id="replace-into"),
        pytest.param(MYSQL, "", "REPLACE b VALUES (1)", None, id="replace"),
        pytest.param(MYSQL, "", "UPDATE b SET c = replace(c, 'a', '')", set(), id="a-function"),
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
