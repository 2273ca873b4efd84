"""Renames of columns and tables, and what only looks like one: asked where one is due, and no row is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run

HEAD = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
"""
ID = 'sa.Column("id", sa.Integer, primary_key=True)'
VALUES: Mapping[str, Any] = {
    "String": "a@b",
    "Text": "a long text",
    "Integer": 7,
    "BigInteger": 8,
    "SmallInteger": 9,
    "Numeric": Decimal("1.50"),
    "Date": date(2026, 11, 26),
    "Boolean": True,
    "JSON": {"a": [1]},
    "Uuid": UUID(int=5),
    "LargeBinary": b"\x00\x01",
    "Enum": "glad",
}
"""The value of a row by the class of its column's type."""
MOOD = 'sa.Enum({}, name="mood")'
NAMES = {"name": "sa.String(30)", "mail": "sa.String(20)", "note": "sa.Text"}
EMAILS = {"name": "sa.String(30)", "email": "sa.String(20)", "note": "sa.Text"}
STAMPS = {"created_at": "sa.Date", "updated_at": "sa.Date"}

Columns = Mapping[str, str]
Tables = Mapping[str, Columns]


@dataclass(frozen=True)
class Case:
    """A change of models.

    Attributes:
        name: the test's.
        before: the columns beside `id` of each table.
        after: the same of the changed models.
        asks: the first answer to each question, as `-x` gives it; empty where none is due.
        moved: the tables and columns that rows have afterwards, by what they had.
        answers: those to give instead of the first ones.
        loses: tables and columns whose rows go, as they should.
        more: source behind the tables before, and afterwards.
    """

    name: str
    before: Tables
    after: Tables
    asks: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    more: tuple[str, str] = ("", "")


def users(**columns: str) -> Tables:
    return {
        "users": {
            name: each if "(" in each or "." in each else f"sa.{each}"
            for name, each in columns.items()
        }
    }


def column(name: str, before: str, after: str, *answers: str) -> Case:
    """Return a rename of `mail` to `email` from one type to another."""
    return Case(
        name,
        users(mail=before, rest="Integer"),
        users(email=after, rest="Integer"),
        ("users.mail:email",),
        {"users.mail": "users.email"},
        answers=answers and ("moltres.rename=users.mail:email", *answers),
    )


def friend(name: str, before: Tables, after: Tables, *loses: str) -> Case:
    """Return a change that is no rename."""
    return Case(name, before, after, loses=loses)


COLUMNS = (
    column("the same type", "sa.String(20)", "sa.String(20)"),
    column("a longer text", "sa.String(20)", "sa.String(60)"),
    column("a shorter text", "sa.String(60)", "sa.String(20)"),
    column("a text without an end", "sa.String(20)", "sa.Text()"),
    column("a wider number", "sa.Integer()", "sa.BigInteger()"),
    column("a narrower number", "sa.BigInteger()", "sa.Integer()"),
    column("NOT NULL", "sa.String(20)", "sa.String(20), nullable=False", "moltres.fill=none"),
    column("NULL", "sa.String(20), nullable=False", "sa.String(20)"),
    column("a default", "sa.String(20)", 'sa.String(20), server_default="x"'),
    column("more digits", "sa.Numeric(8, 2)", "sa.Numeric(12, 2)"),
    column("a date", "sa.Date()", "sa.Date()"),
    column("a boolean", "sa.Boolean()", "sa.Boolean()"),
    column("JSON", "sa.JSON()", "sa.JSON()"),
    column("a UUID", "sa.Uuid()", "sa.Uuid()"),
    column("bytes", "sa.LargeBinary()", "sa.LargeBinary()"),
    column("an enum", MOOD.format('"glad", "sad"'), MOOD.format('"glad", "sad"')),
    column("an index", "sa.String(20), index=True", "sa.String(20), index=True"),
    column("a unique constraint", "sa.String(20), unique=True", "sa.String(20), unique=True"),
    Case(
        "two of other types",
        users(mail="sa.String(20)", born="Date"),
        users(email="sa.String(20)", birthday="Date"),
        ("users.mail:email", "users.born:birthday"),
        {"users.mail": "users.email", "users.born": "users.birthday"},
    ),
    Case(
        "two of one type, the likest names first",
        users(first_name="sa.String(20)", mail="sa.String(30)"),
        users(email="sa.String(30)", given_name="sa.String(20)"),
        ("users.first_name:given_name", "users.mail:email"),
        {"users.first_name": "users.given_name", "users.mail": "users.email"},
    ),
    Case(
        "one goes, two come",
        users(mail="sa.String(20)"),
        users(address="sa.String(20)", email="sa.String(20)"),
        ("users.mail:email",),
        {"users.mail": "users.email"},
    ),
    Case(
        "two go, one comes",
        users(fax="sa.String(20)", mail="sa.String(20)"),
        users(email="sa.String(20)"),
        ("users.fax:email", "users.mail:email"),
        {"users.mail": "users.email"},
        answers=("moltres.rename=users.mail:email",),
        loses=("users.fax",),
    ),
    Case(
        "one of two, and no",
        users(fax="sa.String(20)", mail="sa.String(20)"),
        users(email="sa.String(20)", web="sa.String(20)"),
        ("users.fax:web", "users.mail:email"),
        {"users.mail": "users.email"},
        answers=("moltres.rename=users.mail:email", "moltres.rename=none"),
        loses=("users.fax",),
    ),
    Case(
        "names that need quotes",
        {"my users": {"e,mail": "sa.String(20)"}},
        {"my users": {'e:"mail': "sa.String(20)"}},
        ('"my users"."e,mail":"e:""mail"',),
        {"my users.e,mail": 'my users.e:"mail'},
    ),
    Case(
        "beside a hint",
        users(mail="sa.String(20)", phone="sa.String(20)"),
        users(email='sa.String(20), info={"renamed_from": "mail"}', mobile="sa.String(20)"),
        ("users.phone:mobile",),
        {"users.mail": "users.email", "users.phone": "users.mobile"},
    ),
    Case(
        "a foreign key to the same table",
        {"towns": {"name": "sa.Text"}, "users": {"town": 'sa.Integer, sa.ForeignKey("towns.id")'}},
        {
            "towns": {"name": "sa.Text"},
            "users": {"town_id": 'sa.Integer, sa.ForeignKey("towns.id")'},
        },
        ("users.town:town_id",),
        {"users.town": "users.town_id"},
    ),
)
TABLES = (
    Case("a table", {"person": NAMES}, {"people": NAMES}, ("person:people",), {"person": "people"}),
    Case(
        "a table with a longer text",
        {"person": NAMES},
        {"people": {**NAMES, "mail": "sa.String(60)"}},
        ("person:people",),
        {"person": "people"},
    ),
    Case(
        "a table with one more column",
        {"person": NAMES},
        {"people": {**NAMES, "age": "sa.Integer"}},
        ("person:people",),
        {"person": "people"},
    ),
    Case(
        "a table with one column less",
        {"person": NAMES},
        {"people": {"name": "sa.String(30)", "mail": "sa.String(20)"}},
        ("person:people",),
        {"person": "people"},
        loses=("person.note",),
    ),
    Case(
        "a table and its column",
        {"person": NAMES},
        {"people": EMAILS},
        ("person:people", "people.mail:email"),
        {"person": "people", "people.mail": "people.email"},
    ),
    Case(
        "two tables",
        {"person": NAMES, "car": {"plate": "sa.String(9)", "seats": "sa.Integer"}},
        {"cars": {"plate": "sa.String(9)", "seats": "sa.Integer"}, "people": NAMES},
        ("car:cars", "person:people"),
        {"person": "people", "car": "cars"},
    ),
    Case(
        "one table goes, two come",
        {"person": NAMES},
        {"clients": NAMES, "persons": NAMES},
        ("person:persons",),
        {"person": "persons"},
    ),
    Case(
        "a table with a key to itself",
        {"person": {**NAMES, "boss": 'sa.Integer, sa.ForeignKey("person.id")'}},
        {"people": {**NAMES, "boss": 'sa.Integer, sa.ForeignKey("people.id")'}},
        ("person:people",),
        {"person": "people"},
    ),
    Case(
        "a table that another refers to",
        {"person": NAMES, "pets": {"owner": 'sa.Integer, sa.ForeignKey("person.id")'}},
        {"people": NAMES, "pets": {"owner": 'sa.Integer, sa.ForeignKey("people.id")'}},
        ("person:people",),
        {"person": "people"},
    ),
    Case(
        "a table, and a column of another",
        {"person": NAMES, "pets": {"name": "sa.Text", "born": "sa.Date"}},
        {"people": NAMES, "pets": {"name": "sa.Text", "birthday": "sa.Date"}},
        ("person:people", "pets.born:birthday"),
        {"person": "people", "pets.born": "pets.birthday"},
    ),
)
CHAINS = (
    Case(
        "a chain that types show",
        users(a="Integer", b="Date"),
        users(b="Integer", c="Date"),
        ("users.b:c,users.a:b",),
        {"users.a": "users.b", "users.b": "users.c"},
    ),
    Case(
        "a chain that is told",
        users(a="Integer", b="Integer"),
        users(b="Integer", c="Integer"),
        ("users.a:c",),
        {"users.a": "users.b", "users.b": "users.c"},
        answers=("moltres.rename=users.a:b,users.b:c",),
    ),
    Case(
        "exchanged columns that are told",
        users(a="Integer", b="BigInteger", c="Integer"),
        users(a="BigInteger", b="Integer"),
        (),
        {"users.a": "users.b", "users.b": "users.a"},
        answers=("moltres.rename=users.a:b,users.b:a",),
        loses=("users.c",),
    ),
    Case(
        "exchanged tables that are told",
        {"cats": {"name": "sa.Text"}, "dogs": {"name": "sa.Text", "age": "sa.Integer"}},
        {"dogs": {"name": "sa.Text"}, "cats": {"name": "sa.Text", "age": "sa.Integer"}},
        (),
        {"cats": "dogs", "dogs": "cats"},
        answers=("moltres.rename=cats:dogs,dogs:cats",),
    ),
)
FRIENDS = (
    friend("a number, a UUID", users(a="Integer"), users(b="Uuid"), "users.a"),
    friend("a text, a number", users(a="sa.String(20)"), users(b="Integer"), "users.a"),
    friend("a text, a date", users(a="Text"), users(b="Date"), "users.a"),
    friend("a number, a boolean", users(a="Integer"), users(b="Boolean"), "users.a"),
    friend("a boolean, a number", users(a="Boolean"), users(b="Integer"), "users.a"),
    friend("a column that goes", users(a="Integer", b="Text"), users(b="Text"), "users.a"),
    friend("a column that comes", users(a="Integer"), users(a="Integer", b="Integer")),
    friend(
        "a column that goes to another table",
        {"users": {"mail": "sa.Text", "n": "sa.Integer"}, "mails": {"n": "sa.Integer"}},
        {"users": {"n": "sa.Integer"}, "mails": {"mail": "sa.Text", "n": "sa.Integer"}},
        "users.mail",
    ),
    friend(
        "keys to two tables",
        {
            **{name: {"name": "sa.Text"} for name in ("towns", "teams")},
            "users": {"town": 'sa.Integer, sa.ForeignKey("towns.id")'},
        },
        {
            **{name: {"name": "sa.Text"} for name in ("towns", "teams")},
            "users": {"team": 'sa.Integer, sa.ForeignKey("teams.id")'},
        },
        "users.town",
    ),
    friend(
        "tables that share id and stamps",
        {"tags": {"label": "sa.String(9)", **STAMPS}},
        {"colors": {"hex": "sa.String(9)", **STAMPS}},
        "tags",
    ),
    friend(
        "tables that share id",
        {"tags": {"label": "sa.Text"}},
        {"tolls": {"fee": "sa.Integer"}},
        "tags",
    ),
    friend(
        "tables that share what most have",
        {
            **{
                name: {"tenant": "sa.Text", "owner": "sa.Text", name[0]: "sa.Integer"}
                for name in ("a1", "b1", "c1")
            },
            "tags": {"tenant": "sa.Text", "owner": "sa.Text", "label": "sa.Date"},
        },
        {
            **{
                name: {"tenant": "sa.Text", "owner": "sa.Text", name[0]: "sa.Integer"}
                for name in ("a1", "b1", "c1")
            },
            "tolls": {"tenant": "sa.Text", "owner": "sa.Text", "fee": "sa.Integer"},
        },
        "tags",
    ),
    Case(
        "a table and its hint",
        {"person": NAMES},
        {"people": NAMES},
        moved={"person": "people"},
        more=("", 'people.info["renamed_from"] = "person"\n'),
    ),
    friend(
        "a table that goes", {"tags": NAMES, "t": {"a": "sa.Text"}}, {"t": {"a": "sa.Text"}}, "tags"
    ),
    friend("a table that comes", {"t": {"a": "sa.Text"}}, {"tags": NAMES, "t": {"a": "sa.Text"}}),
    friend(
        "two computed columns",
        users(n="Integer", twice='sa.Integer, sa.Computed("n * 2", persisted=True)'),
        users(n="Integer", double='sa.Integer, sa.Computed("n * 2", persisted=True)'),
        "users.twice",
    ),
)
CASES = (*COLUMNS, *TABLES, *CHAINS, *FRIENDS)


def source(tables: Tables, more: str) -> str:
    """Return a module of models."""
    made = [HEAD]
    for at, (name, columns) in enumerate(tables.items()):
        inside = [ID, *(f"sa.Column({column!r}, {type_})" for column, type_ in columns.items())]
        variable = name if name.isidentifier() else f"table{at}"
        made.append(f"{variable} = sa.Table({name!r}, metadata, {', '.join(inside)})\n")
    return "".join([*made, more])


def metadata(models: str) -> sa.MetaData:
    namespace: dict[str, Any] = {}
    exec(models, namespace)
    found: sa.MetaData = namespace["metadata"]
    return found


def fill(engine: sa.Engine, models: str) -> None:
    """Insert two rows into each table."""
    with engine.begin() as connection:
        for table in metadata(models).sorted_tables:
            columns = [
                column for column in table.columns if not (column.primary_key or column.computed)
            ]
            for key in (1, 2):
                row = {c.name: 1 if c.foreign_keys else _value(c, key) for c in columns}
                connection.execute(table.insert(), {"id": key, **row})


def _value(column: sa.Column[Any], key: int) -> object:
    value = VALUES[type(column.type).__name__]
    return f"{value}{key}" if column.unique else value


def rows(engine: sa.Engine, models: str) -> dict[str, list[object]]:
    """Return the values of each column by `table.column`, and the keys of each table."""
    with engine.connect() as connection:
        return {
            f"{table.name}.{column.name}": list(
                connection.execute(sa.select(column).order_by(table.c.id)).scalars()
            )
            for table in metadata(models).sorted_tables
            for column in table.columns
        }


def revision(project: AlembicProject, *answers: str) -> Finished:
    options = [word for each in answers for word in ("-x", each)]
    return run(project, *options, "revision", "--autogenerate", "-m", "after")


def expected(case: Case, before: Mapping[str, list[object]]) -> dict[str, list[object]]:
    """Return the values that must be there afterwards, by their new places."""
    kept = {}
    for place, values in before.items():
        table, _, name = place.rpartition(".")
        renamed = case.moved.get(table, table)
        now = case.moved.get(f"{renamed}.{name}", case.moved.get(place, f"{renamed}.{name}"))
        if not {table, place, now} & {*case.loses}:
            kept[now] = values
    return kept


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_no_row_is_lost_and_no_question_asked_where_none_is_due(
    case: Case, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    before, after = source(case.before, case.more[0]), source(case.after, case.more[1])
    project = alembic_project(before, any_engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    fill(any_engine, before)
    there = rows(any_engine, before)
    project.write_models(after)
    answers = list(case.answers)
    if case.asks:
        done = revision(project)
        assert 2 == done.status, done.err
        assert 1 == len(project.scripts())
        lines = [line.strip() for line in done.err.splitlines()]
        for each in case.asks:
            assert any(each in line for line in lines), done.err
        answers = answers or [f"moltres.rename={each}" for each in case.asks]
    done = revision(project, *answers)
    assert (0, "") == (done.status, done.err)
    assert 2 == len(project.scripts())
    project.upgrade()
    project.check()
    now = rows(any_engine, after)
    wanted = expected(case, there)
    assert wanted == {place: now[place] for place in wanted}
    project.downgrade("a1")
    back = rows(any_engine, before)
    lost = {place for place in there if case.loses and place.startswith(case.loses)}
    assert {p: each for p, each in there.items() if p not in lost} == {
        p: each for p, each in back.items() if p not in lost
    }
