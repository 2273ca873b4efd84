"""The forms in which expressions are compared."""

from __future__ import annotations

import pytest

from alembic_moltres.sqltext import (
    MYSQL,
    POSTGRESQL,
    SQLITE,
    Syntax,
    loose_form,
    normal_form,
    tokens,
)


@pytest.mark.parametrize(
    ("one", "other", "syntax"),
    [
        pytest.param("((Age >= 0))", "age>=0", POSTGRESQL, id="case, space and parentheses"),
        pytest.param('"age" <> 1', "age != 1", POSTGRESQL, id="needless quotes"),
        pytest.param("`Age` > 0", "age > 0", MYSQL, id="case in quotes, MySQL"),
        pytest.param('"Age" == 0', "age = 0", SQLITE, id="case in quotes, SQLite"),
        pytest.param("a > 0 -- why", "a > 0", SQLITE, id="comment"),
        pytest.param("f((a))", "f(a)", POSTGRESQL, id="doubled parentheses"),
    ],
)
def test_one_expression_has_one_normal_form(one: str, other: str, syntax: Syntax) -> None:
    assert normal_form(one, syntax) == normal_form(other, syntax)


@pytest.mark.parametrize(
    ("one", "other", "syntax"),
    [
        pytest.param("a = 'x'", "a = 'X'", POSTGRESQL, id="strings"),
        pytest.param('"Age" > 0', "age > 0", POSTGRESQL, id="case in quotes, PostgreSQL"),
        pytest.param("(a + b) * c", "a + b * c", POSTGRESQL, id="parentheses that count"),
        pytest.param("(a) + (b)", "a + b", POSTGRESQL, id="parentheses around a part"),
        pytest.param("a::text = 'x'", "a = 'x'", POSTGRESQL, id="cast"),
    ],
)
def test_what_may_differ_has_another_normal_form(one: str, other: str, syntax: Syntax) -> None:
    assert normal_form(one, syntax) != normal_form(other, syntax)


def test_a_name_in_double_quotes_is_a_string_where_no_column_has_it() -> None:
    columns = frozenset({"a"})
    assert normal_form('"A" = "b"', SQLITE, columns=columns) == "a = 'b'"
    assert normal_form('"A" = "b"', SQLITE) == "a = b"


def test_the_own_table_is_left_out() -> None:
    assert normal_form('"T".a > u.a', SQLITE, "t") == "a > u . a"


def test_the_loose_form_leaves_out_what_a_server_may_change() -> None:
    stored, written = tokens("((`a` + (1)) > b)", MYSQL), tokens("A + 1 > B", MYSQL)
    assert loose_form(stored) == loose_form(written) == ["a", "+", "1", ">", "b"]
