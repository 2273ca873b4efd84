"""What a value promises: one form, equality by content, the errors it makes."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest

from alembic_moltres.errors import SchemaError, TypeNameError, UnknownColumnError
from alembic_moltres.schema import (
    SQL,
    ColumnDef,
    Computed,
    FrozenMapping,
    Identity,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    check,
    column,
    computed,
    conv,
    ddl,
    decimal,
    exclude,
    foreign_key,
    identity,
    index,
    json,
    primary_key,
    quoted_name,
    sequence,
    sql,
    unique,
    uuid,
)
from alembic_moltres.schema.expressions import most_common

ID = column("id", "INTEGER")
NAME = column("name", "VARCHAR(50)")


def test_a_primary_key_on_columns_is_the_constraint() -> None:
    marked = [column("a", "INTEGER", primary_key=True), column("b", "INTEGER", primary_key=True)]
    stated = [column("a", "INTEGER", nullable=False), column("b", "INTEGER", nullable=False)]
    expected = TableSchema("t", stated, constraints=[primary_key(["a", "b"])])
    assert expected == TableSchema("t", marked)
    assert PrimaryKeyConstraint(("a", "b")) == TableSchema("t", marked).primary_key


def test_a_primary_key_said_twice_is_one() -> None:
    marked = column("a", "INTEGER", primary_key=True)
    schema = TableSchema("t", [marked], constraints=[unique("a"), primary_key("a", name="pk")])
    assert (primary_key("a", name="pk"), unique("a")) == schema.constraints


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(column("a", "varchar( 100 )"), column("a", "VARCHAR(100)"), id="type"),
        pytest.param(
            column("a", "DECIMAL", precision=10, scale=2), column("a", "DECIMAL(10,2)"), id="scale"
        ),
        pytest.param(decimal("a", 10), column("a", "DECIMAL(10,0)"), id="decimal"),
        pytest.param(uuid("a"), column("a", "UUID"), id="uuid"),
        pytest.param(
            json("a", jsonb=True),
            column("a", "json", type_variants={"postgresql": "postgresql.jsonb"}),
            id="json",
        ),
        pytest.param(
            column("a", "TEXT", type_variants={"mysql": "text"}), column("a", "TEXT"), id="variant"
        ),
        pytest.param(unique("a"), unique(["a"]), id="one-column"),
        pytest.param(check("a > 0"), check(sql("a > 0")), id="text"),
        pytest.param(
            check(sql("a", mysql="a", mssql="b")), check(sql("a", mssql="b")), id="same-variant"
        ),
        pytest.param(
            index("i", "a", ddl_if="x"), index("i", ["a"], ddl_if=["x"]), id="one-dialect"
        ),
        pytest.param(
            index("i", "a", ddl_if=["y", "x"]), index("i", "a", ddl_if=["x", "y"]), id="dialects"
        ),
        pytest.param(
            index("i", "a", dialect_options={"a_b": ["x"], "c_d": {"e": 1}}),
            index("i", "a", dialect_options={"c_d": {"e": 1}, "a_b": ("x",)}),
            id="options",
        ),
        pytest.param(computed("a"), Computed(SQL("a")), id="computed"),
        pytest.param(
            TableSchema("t", [ID, NAME], constraints=[unique("id"), unique("name")]),
            TableSchema("t", [ID, NAME], constraints=[unique("name"), unique("id")]),
            id="order-of-constraints",
        ),
        pytest.param(
            TableSchema("t", [ID], indexes=[index("a", "id"), index("b", "id")]),
            TableSchema("t", [ID], indexes=[index("b", "id"), index("a", "id")]),
            id="order-of-indexes",
        ),
        pytest.param(
            TableSchema("t", [ID], if_not_exists=True), TableSchema("t", [ID]), id="if-not-exists"
        ),
        pytest.param(
            TableSchema("t", [ID], ddl=[ddl("after_drop", "x"), ddl("before_create", "y")]),
            TableSchema("t", [ID], ddl=[ddl("before_create", "y"), ddl("after_drop", "x")]),
            id="order-of-events",
        ),
        pytest.param(
            column(quoted_name("a", quote=True), "TEXT"), column("a", "TEXT"), id="quoted"
        ),
    ],
)
def test_what_is_said_in_two_ways_is_one_value(one: object, other: object) -> None:
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(column("a", "TEXT", default=1), column("a", "TEXT", default=True), id="true"),
        pytest.param(column("a", "TEXT", default=1), column("a", "TEXT", default=1.0), id="float"),
        pytest.param(
            column("a", "TEXT", default=Decimal("1.0")),
            column("a", "TEXT", default=Decimal("1.00")),
            id="decimal",
        ),
        pytest.param(
            column("a", "TEXT", default="x"), column("a", "TEXT", default=b"x"), id="bytes"
        ),
        pytest.param(
            column("a", "TEXT", default="x"), column("a", "TEXT", default=sql("x")), id="expression"
        ),
        pytest.param(
            column("a", "TEXT", default=None), column("a", "TEXT", default=sql("NULL")), id="null"
        ),
        pytest.param(
            TableSchema("t", [ID, NAME]), TableSchema("t", [NAME, ID]), id="order-of-columns"
        ),
        pytest.param(
            TableSchema("t", [ID], constraints=[unique("id")]),
            TableSchema("t", [ID], constraints=[unique("id"), unique("id")]),
            id="twice",
        ),
        pytest.param(unique("id"), primary_key("id"), id="kind"),
        pytest.param(
            index("i", "a", dialect_options={"x_y": 1}),
            index("i", "a", dialect_options={"x_y": True}),
            id="option",
        ),
    ],
)
def test_what_differs_is_not_equal(one: object, other: object) -> None:
    assert one != other
    assert not one == other  # noqa: SIM201


def test_a_value_equals_nothing_else() -> None:
    assert column("a", "TEXT") != "column('a', 'TEXT')"
    assert FrozenMapping(a=1) != [("a", 1)]
    assert FrozenMapping(a=1) == {"a": 1}


VALUES: list[Any] = [
    column("a", "TEXT", comment='it\'s "quoted" 100%\n'),
    column("a", "INTEGER", identity=identity(start=5, dialect_options={"oracle_x": 1})),
    column("a", "INTEGER", sequence=sequence("s", schema="x", data_type="bigint", optional=True)),
    column("a", "INTEGER", autoincrement="client", constraints=[check("a > 0", ddl_if="sqlite")]),
    check(sql("a", mssql=None, mysql="b"), name=conv("x" * 70), comment="c"),
    exclude(("a", "="), (sql("b"), "&&"), name="e", where=SQL("a > 0"), ops={"a": "x"}),
    exclude((sql("b", postgresql="c"), "&&")),
    primary_key(["a", "b"], deferrable=True, initially="DEFERRED", autoincrement_first=True),
    foreign_key(["a", "b"], "t", ["c", "d"], on_delete="CASCADE", references_schema="s"),
    index("i", [sql("lower(a)"), "b"], unique=True, dialect_options={"x_where": sql("a > 0")}),
    index(quoted_name("I", quote=False), "a", ddl_if=["x", "y"]),
    ddl("after_create", "SELECT '%(who)s'", context={"who": "it's"}, ddl_if="mysql"),
    sql("a", mysql="it's"),
    sql.now(),
    computed("a", persisted=False),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_what_it_is_written_as(value: Any) -> None:
    names = __import__("alembic_moltres.schema", fromlist=["*"])
    written = eval(repr(value), {name: getattr(names, name) for name in names.__all__})
    assert value == written
    assert repr(value) == repr(written)
    for same in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert value == same
        assert hash(value) == hash(same)


def test_a_value_does_not_change() -> None:
    options = {"mysql_engine": "InnoDB"}
    schema = TableSchema("t", [ID], dialect_options=options)
    options["mysql_engine"] = "MyISAM"
    assert {"mysql_engine": "InnoDB"} == dict(schema.dialect_options)
    with pytest.raises(AttributeError):
        schema.name = "u"  # type: ignore[misc]
    with pytest.raises(TypeError):
        schema.dialect_options["x"] = 1  # type: ignore[index]


WRONG: list[Any] = [
    pytest.param(lambda: TableSchema("", [ID]), "a table has no name; name it", id="table-name"),
    pytest.param(lambda: column("", "TEXT"), "a column has no name; name it", id="column-name"),
    pytest.param(
        lambda: TableSchema("t", [ID, ID]),
        "the column 'id' is in the table 't' twice; remove one",
        id="column-twice",
    ),
    pytest.param(
        lambda: TableSchema("t", [ID], indexes=[index("i", "id"), index("i", "id")]),
        "the index 'i' is in the table 't' twice; rename or remove one",
        id="index-twice",
    ),
    pytest.param(
        lambda: TableSchema("t", [ID], schema="s", constraints=[primary_key("id")] * 2),
        "the table 's.t' has two primary keys; keep one",
        id="two-keys",
    ),
    pytest.param(lambda: unique([]), "has no columns; name at least one", id="no-columns"),
    pytest.param(lambda: unique(["a", "a"]), "names a column twice; name it once", id="twice"),
    pytest.param(
        lambda: index("", "a"), r"an index on \('a',\) has no name; name it", id="unnamed"
    ),
    pytest.param(lambda: index("i", []), "has no elements; name at least one", id="no-elements"),
    pytest.param(exclude, "has no elements; name at least one", id="exclude-nothing"),
    pytest.param(lambda: check(""), "an expression is ''; write the SQL text", id="no-text"),
    pytest.param(lambda: sql(" \n"), "an expression is .*; write the SQL text", id="blank"),
    pytest.param(lambda: most_common({"x": None}), "no text in any dialect", id="no-dialect"),
    pytest.param(
        lambda: foreign_key(["a", "b"], "t", "c"),
        r"on \(a, b\) has 2 columns and refers to 1 of 't'; name as many",
        id="unequal",
    ),
    pytest.param(lambda: foreign_key("a", "", "c"), "refers to nothing", id="refers-to-nothing"),
    pytest.param(
        lambda: column("a", "TEXT", default=float("nan")),
        "the column 'a' has the default nan",
        id="nan",
    ),
    pytest.param(
        lambda: column("a", "TEXT", default=[1]),  # type: ignore[arg-type]
        "write its JSON as text, such as '{}'",
        id="list",
    ),
    pytest.param(
        lambda: column("a", "TEXT", default=1, computed=computed("b")),
        "'a' is computed and has a default; keep one of them",
        id="computed-default",
    ),
    pytest.param(
        lambda: column("a", "INTEGER", identity=identity(), computed=computed("b")),
        "'a' is computed and is an identity",
        id="computed-identity",
    ),
    pytest.param(
        lambda: column("a", "INTEGER", identity=identity(), autoincrement=False),
        "'a' is an identity with autoincrement=False; remove one of them",
        id="identity-that-does-not-count",
    ),
    pytest.param(
        lambda: column("a", "INTEGER", autoincrement="yes"),
        "'a' has autoincrement='yes'",
        id="auto",
    ),
    pytest.param(lambda: column("a", "DECIMAL", scale=2), "'a' has a scale without", id="scale"),
    pytest.param(
        lambda: index("i", "a", dialect_options={"x_y": object()}),
        r"an option is <object .*> \(at the index 'i'\)",
        id="option",
    ),
    pytest.param(
        lambda: ddl("after_crate", "x"),
        "which is not an event; did you mean 'after_create'",
        id="event",
    ),
    pytest.param(
        lambda: column("a", int),  # type: ignore[arg-type]
        "the column 'a' has the type <class 'int'>; write its name, such as 'INTEGER'",
        id="type-that-is-no-name",
    ),
    pytest.param(
        lambda: TableSchema("t", [ID, primary_key("id")]),  # type: ignore[list-item]
        r"the table 't' has primary_key\('id'\) among its columns; put it into constraints=\[...\]",
        id="constraint-among-columns",
    ),
    pytest.param(
        lambda: TableSchema("t", [ID], constraints=[index("i", "id")]),  # type: ignore[list-item]
        r"has index\('i', 'id'\) among its constraints; put it into indexes=\[...\]",
        id="index-among-constraints",
    ),
    pytest.param(
        lambda: TableSchema("t", ["id"]),  # type: ignore[list-item]
        "the table 't' has 'id' among its columns; write column\\('id', 'INTEGER'\\)",
        id="name-among-columns",
    ),
    pytest.param(
        lambda: TableSchema("t", [ID], constraints=unique("id")),  # type: ignore[arg-type]
        r"has constraints=unique\('id'\); write a list: constraints=\[...\]",
        id="no-list",
    ),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_a_value_that_contradicts_itself_is_refused(make: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as caught:
        make()
    assert caught.value.subject is not None


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        (
            unique("nme"),
            "no column 'nme' in the table 't' (at the unique constraint on (nme)); did",
        ),
        (primary_key("nme", name="p"), "(at the primary key constraint 'p'); did you mean 'name'?"),
        (foreign_key("nme", "u", "x"), "(at the foreign key constraint on (nme)); did you mean"),
        (foreign_key("id", "t", "nme"), "no column 'nme' in the table 't' (at the foreign key"),
        (exclude(("nme", "="), name="e"), "(at the exclude constraint 'e'); did you mean 'name'?"),
    ],
)
def test_a_constraint_on_an_unknown_column_is_refused(constraint: Any, message: str) -> None:
    with pytest.raises(UnknownColumnError) as caught:
        TableSchema("t", [ID, NAME], constraints=[constraint])
    assert message in str(caught.value)


def test_an_index_on_an_unknown_column_is_refused() -> None:
    match = r"no column 'nme' in the table 't' \(at the index 'i'\); did you mean 'name'\?"
    with pytest.raises(UnknownColumnError, match=match):
        TableSchema("t", [ID, NAME], indexes=[index("i", [sql("lower(x)"), "nme"])])


def test_a_type_that_cannot_be_read_is_refused_with_its_column() -> None:
    with pytest.raises(TypeNameError, match=r"\(at the column 'a'\)"):
        column("a", "double precision")
    with pytest.raises(TypeNameError, match=r"\(at the column 'a'\)"):
        column("a", "TEXT", type_variants={"mysql": "VARCHAR("})


def test_two_indexes_of_one_name_may_be_for_different_dialects() -> None:
    indexes = [index("i", "id", ddl_if="mysql"), index("i", "id", ddl_if=["sqlite", "oracle"])]
    assert tuple(indexes) == TableSchema("t", [ID], indexes=indexes).indexes


def test_a_column_is_found_by_its_name() -> None:
    schema = TableSchema("t", [ID, NAME])
    assert schema.column("name") is NAME
    with pytest.raises(UnknownColumnError, match="did you mean 'name'"):
        schema.column("nam")


def test_a_third_partys_dialect_keeps_its_text_beside_that_of_the_dialect_it_extends() -> None:
    assert {"mssql": "b"} == dict(sql("a", mssql="b", mysql="a").variants)
    said = sql("a", postgresql="b", cockroachdb="a")
    assert "a" == said.for_dialect(["cockroachdb", "postgresql"])
    assert sql("a", postgresql="b") != said
    assert sql("a") == sql("a", cockroachdb="a")


def test_moltres_calls_are_valid() -> None:
    """What a Moltres user writes by position."""
    given: list[Any] = ["a", "DECIMAL", False, 5, False, 10, 2]
    assert column("a", "DECIMAL(10,2)", nullable=False, default=5) == column(*given)
    assert isinstance(column(*given), ColumnDef)
    positional: list[Any] = ["t", [ID], False, True, []]
    assert TableSchema("t", [ID], temporary=True) == TableSchema(*positional)
    assert isinstance(index("i", "a"), Index)
    assert isinstance(identity(), Identity)


def test_a_foreign_key_may_have_the_name_of_an_action() -> None:
    """A database has it, so a script must be able to say it."""
    named = foreign_key("a", "t", "b", name="cascade")
    assert "name='cascade'" in repr(named)
    assert eval(repr(named)) == named
