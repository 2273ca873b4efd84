"""The text of a type name: its grammar, and that reading is the inverse of writing."""

import copy
import keyword
import math
import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_moltres.datatypes import Argument, DataType
from alembic_moltres.errors import TypeNameError

upper = st.text(string.ascii_uppercase + "_", min_size=1, max_size=8).filter(
    lambda name: name not in {"TRUE", "FALSE", "NONE"}
)
lower = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8).filter(
    lambda key: key.isidentifier() and key not in keyword.kwlist
)
names = st.one_of(upper, st.builds("{}.{}".format, lower, upper))
literals = st.one_of(
    st.text(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.binary(),
)


def data_types(arguments: st.SearchStrategy[Argument]) -> st.SearchStrategy[DataType]:
    return st.builds(
        DataType,
        names,
        st.lists(arguments, max_size=3).map(tuple),
        st.dictionaries(lower, arguments, max_size=3),
    )


nested = st.recursive(
    literals,
    lambda inner: st.one_of(data_types(inner), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(data_types(nested))
def test_parse_is_the_inverse_of_str(named: DataType) -> None:
    assert named == DataType.parse(str(named))
    assert str(named) == str(DataType.parse(str(named)))


@given(data_types(nested))
def test_a_copy_and_a_repr_are_equal_and_hash_the_same(named: DataType) -> None:
    assert named == copy.deepcopy(named) == pickle.loads(pickle.dumps(named))
    assert hash(named) == hash(copy.copy(named))
    assert named == eval(repr(named))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("integer", "INTEGER", id="lower-case"),
        pytest.param("Integer()", "INTEGER", id="no-arguments"),
        pytest.param("  VARCHAR ( 100 ) ", "VARCHAR(100)", id="spaces"),
        pytest.param("DECIMAL(10, 2)", "DECIMAL(10,2)", id="space-after-comma"),
        pytest.param("VARCHAR(5, Collation = 'C')", "VARCHAR(5,collation='C')", id="keyword-case"),
        pytest.param('ENUM("a", "it\'s")', "ENUM('a',\"it's\")", id="quotes"),
        pytest.param("PostgreSQL.array(integer)", "postgresql.ARRAY(INTEGER)", id="prefix-case"),
        pytest.param("A(b=sql.text(1))", "A(b=sql.TEXT(1))", id="type-as-keyword"),
        pytest.param("A(true,False,none)", "A(True,False,None)", id="words-in-any-case"),
        pytest.param("A([1, 2], (3,), ())", "A((1,2),(3,),())", id="lists-are-tuples"),
        pytest.param("A(-1, - 2.5)", "A(-1,-2.5)", id="signs"),
        pytest.param("A(\n1,\n)", "A(1)", id="lines-and-trailing-comma"),
        pytest.param(
            "postgresql.DOMAIN(INTEGER,check='VALUE > 0',name='positive')",
            "postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')",
            id="name-first",
        ),
    ],
)
def test_any_spacing_and_case_is_read(text: str, canonical: str) -> None:
    assert canonical == str(DataType.parse(text))


def test_the_parts_are_read_only_and_can_be_read() -> None:
    named = DataType.parse("VARCHAR(5,collation='C')")

    assert ("VARCHAR", (5,), {"collation": "C"}) == (named.name, named.args, dict(named.kwargs))
    with pytest.raises(TypeError):
        named.kwargs["collation"] = "D"  # type: ignore[index]


def test_arguments_are_compared_with_their_class() -> None:
    assert len({DataType("A", (value,)) for value in (1, True, 1.0)}) == 3


def test_the_order_of_keywords_does_not_count() -> None:
    assert DataType("A", (), {"b": 1, "c": 2}) == DataType("A", (), {"c": 2, "b": 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "invalid syntax at position 0", id="empty"),
        pytest.param("double precision", "invalid syntax at position 7", id="two-words"),
        pytest.param("1", "a literal is not a type at position 0", id="literal"),
        pytest.param("A(1 + x)", "'1 + x' is neither a literal nor a type at position 2", id="sum"),
        pytest.param("A(-x)", "'-x' is neither a literal nor a type", id="minus-name"),
        pytest.param("A(*x)", "neither a literal nor a type at position 2", id="star"),
        pytest.param("A(**x)", "'x' is neither a literal nor a type", id="two-stars"),
        pytest.param("A(1)(2)", "'A(1)' is neither a literal nor a type", id="two-calls"),
        pytest.param("a.b.c", "'a.b.c' is neither a literal nor a type", id="two-prefixes"),
        pytest.param("A(b=1,B=2)", "b is given twice at position 6", id="keyword-twice"),
        pytest.param("A(1j)", "neither a literal nor a type", id="complex"),
        pytest.param("A({1})", "neither a literal nor a type", id="set"),
        pytest.param("A('\0')", "null bytes", id="null-byte"),
        pytest.param("größe", "is not a type name", id="not-ascii"),
        pytest.param("A(ä=1)", "'ä' is not a keyword of A", id="keyword-not-ascii"),
        pytest.param("A('", "unterminated string literal", id="unterminated"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_position(text: str, message: str) -> None:
    with pytest.raises(TypeNameError) as raised:
        DataType.parse(text)

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(
            ("varchar",), "'varchar' is not a type name; write NAME", id="lower-case-name"
        ),
        pytest.param(("A", (math.inf,)), "give a finite number", id="infinite"),
        pytest.param(("A", (object,)), "is not an argument of a type name", id="object"),
        pytest.param(("A", (), {"B": 1}), "'B' is not a keyword of A", id="upper-case-keyword"),
    ],
)
def test_what_could_not_be_read_back_is_refused(args: tuple[object, ...], message: str) -> None:
    with pytest.raises(TypeNameError, match=message):
        DataType(*args)  # type: ignore[arg-type]
