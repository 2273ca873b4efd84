"""What is written is read back as the same value, and formatters leave it as it is."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alembic_moltres
from alembic_moltres.autogenerate.script.formatting import lay_out, literal, write
from alembic_moltres.errors import SchemaError
from alembic_moltres.schema import (
    FrozenMapping,
    TableSchema,
    check,
    column,
    conv,
    index,
    quoted_name,
    sql,
)
from alembic_moltres.schema.base import Call, Pair

texts = st.text(max_size=60) | st.text(alphabet="'\"\\ab%\n{}#", max_size=12)
literals = (
    texts
    | st.integers()
    | st.floats(allow_nan=False)
    | st.booleans()
    | st.none()
    | st.binary(max_size=12)
    | st.decimals(allow_nan=False)
    | st.builds(quoted_name, texts, st.booleans())
    | st.builds(conv, texts)
)


def _larger(contents: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(contents, max_size=4)
    keywords = st.dictionaries(st.sampled_from(["name", "unique", "dialect_options"]), contents)
    return (
        few.map(tuple)
        | st.lists(contents, min_size=2, max_size=2).map(Pair)
        | st.dictionaries(texts, contents, max_size=4).map(FrozenMapping)
        | st.builds(
            lambda args, kwargs: Call("called", tuple(args), tuple(kwargs.items())), few, keywords
        )
    )


contents = st.recursive(literals, _larger, max_leaves=25)
NAMES = vars(alembic_moltres.schema) | {
    "Decimal": Decimal,
    "called": lambda *args, **kwargs: Call("called", args, tuple(kwargs.items())),
}


def read_back(written: object) -> object:
    """Return content as the text of a script has it: tuples as lists, mappings as dicts."""
    match written:
        case Pair():
            return tuple(read_back(each) for each in written)
        case tuple():
            return [read_back(each) for each in written]
        case FrozenMapping():
            return {key: read_back(each) for key, each in written.items()}
        case Call(function, args, kwargs):
            inside = tuple((key, read_back(each)) for key, each in kwargs)
            return Call(function, tuple(read_back(each) for each in args), inside)
        case _:
            return written


@given(contents)
@settings(deadline=None)
def test_what_is_written_evaluates_to_what_it_was(content: object) -> None:
    namespace = dict(NAMES)
    exec(lay_out(write(content), before="value = "), namespace)
    assert repr(read_back(content)) == repr(namespace["value"])


def constant_of(content: object) -> str:
    """Write a constant as the scripts have them: a call, however long what is in it."""
    return lay_out(write(Call("Value", (content,))), before="Value = ") + "\n"


@pytest.mark.newest
@given(contents)
@settings(deadline=None)
def test_black_leaves_it_as_it_is(content: object) -> None:
    import black

    constant = constant_of(content)
    assert constant == black.format_str(constant, mode=black.Mode())
    call = lay_out(write(Call("op.called", (content,))), indent="    ")
    function = "def upgrade():\n    " + call.replace("\n", "\n    ") + "\n"
    assert function == black.format_str(function, mode=black.Mode())


@pytest.mark.newest
@given(st.lists(contents, min_size=50, max_size=50))
@settings(deadline=None, max_examples=5)
def test_ruff_leaves_it_as_it_is(several: list[object]) -> None:
    beside_a_long_key = FrozenMapping({"k" * 85: float("inf")})
    source = "".join(constant_of(content) for content in [*several, beside_a_long_key])
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
        input=source,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    assert source == done.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("it's", '"it\'s"', id="apostrophe"),
        pytest.param('"a"', "'\"a\"'", id="quotes"),
        pytest.param("'\"", '"\'\\""', id="as-many-of-each"),
        pytest.param(1e16, "1e16", id="exponent"),
        pytest.param(float("inf"), 'float("inf")', id="infinite"),
        pytest.param(Decimal("1.50"), 'Decimal("1.50")', id="decimal"),
        pytest.param(b"\x00'", 'b"\\x00\'"', id="bytes"),
        pytest.param(Pair(["a"]), '("a",)', id="tuple-of-one"),
        pytest.param(("a", "b"), '["a", "b"]', id="columns"),
        pytest.param(sql.now(), "sql.now()", id="now"),
        pytest.param(conv("fk"), 'conv("fk")', id="conv"),
        pytest.param(quoted_name("a", quote=False), 'quoted_name("a", False)', id="quoted-name"),
    ],
)
def test_each_kind_of_content_is_written_as_a_person_would(content: object, expected: str) -> None:
    assert expected == lay_out(write(content))


def test_what_fits_in_88_columns_stays_on_one_line() -> None:
    value = check("x" * 40, name="n" * 22)
    assert len(lay_out(write(value))) == 80
    assert "\n" not in lay_out(write(value), before="Name = ", after=",")
    assert "\n" in lay_out(write(value), before="Name = ", after=",", indent=" ")


def test_wide_letters_count_twice() -> None:
    assert "\n" in lay_out(write(check("漢" * 40)))


def test_a_table_is_laid_out_one_argument_a_line() -> None:
    table = TableSchema(
        "users", [column("id", "INTEGER")], indexes=[index("ix_users_id", ["id", sql("lower(id)")])]
    )
    assert lay_out(write(table), before="User = ") == (
        "User = TableSchema(\n"
        '    "users",\n'
        '    [column("id", "INTEGER")],\n'
        '    indexes=[index("ix_users_id", ["id", sql("lower(id)")])],\n'
        ")"
    )


def test_what_no_script_can_contain_is_refused() -> None:
    with pytest.raises(SchemaError, match="cannot be written in a script"):
        write(Path("here"))


def test_a_literal_is_one_line() -> None:
    assert literal("a\nb\u2028c") == '"a\\nb\\u2028c"'
