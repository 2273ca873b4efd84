"""What `include_object` and `include_name` are called with, and what follows from their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import MigrationContext

from alembic_moltres.operations import MoltresAddColumnOp, MoltresCreateTableOp

PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]
Call = tuple[str, str | None, bool, str | None]
"""A kind, a name, whether it is reflected, and the name of what it is compared to."""


@pytest.fixture
def tables(any_engine: sa.Engine) -> Callable[..., sa.MetaData]:
    """Return a function that creates the tables of a metadata."""

    def create(*tables: Callable[[sa.MetaData], object]) -> sa.MetaData:
        metadata = metadata_of(*tables)
        metadata.create_all(any_engine)
        return metadata

    return create


def metadata_of(*tables: Callable[[sa.MetaData], object]) -> sa.MetaData:
    metadata = sa.MetaData()
    for make in tables:
        make(metadata)
    return metadata


def parent(metadata: sa.MetaData) -> sa.Table:
    return sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))


def items(*extra: Any) -> Callable[[sa.MetaData], sa.Table]:
    columns = (sa.Column("x", sa.Integer), sa.Column("y", sa.Integer))
    return lambda metadata: sa.Table("t", metadata, *columns, *extra)


def migrations(engine: sa.Engine, metadata: sa.MetaData, **opts: Any) -> list[Any]:
    """Return the operations of the upgrade, those inside tables unpacked."""
    with engine.connect() as connection:
        configured = {"autogenerate_plugins": PLUGINS, "target_metadata": metadata, **opts}
        context = MigrationContext.configure(connection, opts=configured)
        operations = produce_migrations(context, metadata).upgrade_ops
    assert operations is not None
    return list(unpacked(operations.ops))


def unpacked(operations: list[MigrateOperation]) -> Iterator[MigrateOperation]:
    for operation in operations:
        yield from unpacked(operation.ops) if hasattr(operation, "ops") else [operation]


def changes(operations: list[Any]) -> list[str]:
    return [f"{type(each.change).__name__} {each.change.arguments()}" for each in operations]


class Asked:
    """An `include_object` that notes its calls and refuses some."""

    def __init__(self, refuses: Callable[..., bool] = lambda *_: False) -> None:
        self.calls: list[Call] = []
        self.objects: list[Any] = []
        self.refuses = refuses

    def __call__(self, item: Any, name: Any, kind: str, reflected: Any, other: Any) -> bool:
        if kind not in {"table", "column"}:
            self.calls.append((kind, name, reflected, getattr(other, "name", None)))
        self.objects.append(item)
        return not self.refuses(item, name, kind, reflected, other)


CHANGED: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "index": (lambda: sa.Index("i", "x"), lambda: sa.Index("i", "x", "y")),
    "unique_constraint": (
        lambda: sa.UniqueConstraint("x", name="i"),
        lambda: sa.UniqueConstraint("x", "y", name="i"),
    ),
    "foreign_key_constraint": (
        lambda: sa.ForeignKeyConstraint(["x"], ["parent.id"], name="i"),
        lambda: sa.ForeignKeyConstraint(["y"], ["parent.id"], name="i"),
    ),
    "check_constraint": (
        lambda: sa.CheckConstraint("x > 0", name="i"),
        lambda: sa.CheckConstraint("x > 1", name="i"),
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_what_changed_is_asked_about_once_with_what_it_is_compared_to(
    kind: str, any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    before, after = CHANGED[kind]
    tables(parent, items(before()))
    models = metadata_of(parent, items(after()))
    asked = Asked()
    assert len(migrations(any_engine, models, include_object=asked)) >= 2
    assert [(kind, "i", False, "i")] == [call for call in asked.calls if call[0] == kind]
    refused = Asked(lambda item, name, kind, reflected, other: name == "i" and not reflected)
    assert changes(migrations(any_engine, models, include_object=refused)) == []


@pytest.mark.parametrize("kind", CHANGED)
def test_a_filter_of_reflected_objects_without_a_counterpart_lets_a_change_through_whole(
    kind: str, any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    before, after = CHANGED[kind]
    tables(parent, items(before()))
    mine = Asked(lambda item, name, kind, reflected, other: reflected and other is None)
    found = migrations(any_engine, metadata_of(parent, items(after())), include_object=mine)
    assert len(found) == 2
    assert changes(migrations(any_engine, metadata_of(parent, items()), include_object=mine)) == []


@pytest.mark.parametrize("named", [None, "c"])
def test_constraints_are_asked_about_with_their_name_or_none(
    named: str | None, any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    tables(parent, items())
    constraints = [
        sa.CheckConstraint("x > 0", name=named),
        sa.UniqueConstraint("x", name=named and f"{named}u"),
        sa.ForeignKeyConstraint(["y"], ["parent.id"], name=named and f"{named}f"),
    ]
    models = metadata_of(parent, items(*constraints))
    asked = Asked()
    migrations(any_engine, models, include_object=asked)
    assert sorted(asked.calls, key=str) == [
        ("check_constraint", named, False, None),
        ("foreign_key_constraint", named and f"{named}f", False, None),
        ("unique_constraint", named and f"{named}u", False, None),
    ]
    assert {id(each) for each in constraints} <= {id(each) for each in asked.objects}
    nothing = Asked(lambda item, name, kind, *_: kind.endswith("constraint"))
    assert changes(migrations(any_engine, models, include_object=nothing)) == []


def test_a_column_is_asked_about_even_if_nothing_differs(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    tables(items())
    models = metadata_of(items())
    asked = Asked()
    migrations(any_engine, models, include_object=asked)
    assert [item.name for item in asked.objects] == ["t", "x", "y"]
    assert asked.objects[1] is models.tables["t"].c.x


def test_a_column_that_is_left_out_keeps_its_type_and_leaves_out_what_is_over_it(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    tables(items())
    models = metadata_of(
        lambda metadata: sa.Table(
            "t",
            metadata,
            sa.Column("x", sa.String(20)),
            sa.Column("y", sa.Integer),
            sa.Column("z", sa.Integer, index=True),
            sa.CheckConstraint("z > 0", name="z_is_positive"),
        )
    )
    no_xz = Asked(lambda item, name, kind, *_: kind == "column" and name in {"x", "z"})
    assert changes(migrations(any_engine, models, include_object=no_xz)) == []


def test_what_is_left_out_and_goes_with_a_column_is_named_in_the_log(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData], caplog: pytest.LogCaptureFixture
) -> None:
    tables(
        items(
            sa.Index("ix_y", "y"),
            sa.UniqueConstraint("y", name="uq_y"),
            sa.CheckConstraint("y > 0", name="ck_y"),
            sa.Index("ix_x", "x"),
        )
    )
    models = metadata_of(lambda metadata: sa.Table("t", metadata, sa.Column("x", sa.Integer)))
    only_columns = Asked(lambda item, name, kind, *_: kind not in {"table", "column"})
    found = changes(migrations(any_engine, models, include_object=only_columns))
    assert found[-1].startswith("DropColumn")
    warned = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    goes = (
        "of table 't' goes with column 'y', which is dropped; exclude the column, too, to keep it"
    )
    named = ("check 'ck_y'", "index 'ix_y'", "unique 'uq_y'")
    assert sorted(warned) == [f"Excluded {name} {goes}" for name in named]


def test_a_rename_that_is_left_out_neither_drops_nor_adds(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    tables(items())
    models = metadata_of(
        lambda metadata: sa.Table(
            "t",
            metadata,
            sa.Column("x", sa.Integer),
            sa.Column("z", sa.Integer, info={"renamed_from": "y"}),
        )
    )
    calls = []

    def include_object(item: Any, name: str, kind: str, reflected: Any, other: Any) -> bool:
        calls.append((name, getattr(other, "name", None)))
        return name != "z"

    assert changes(migrations(any_engine, models, include_object=include_object)) == []
    assert ("z", "y") in calls
    assert len(migrations(any_engine, models)) == 1


def test_the_labels_of_an_enum_stay_if_its_only_column_is_left_out(
    pg_engine: sa.Engine,
) -> None:
    def mood(*labels: str) -> Callable[[sa.MetaData], sa.Table]:
        return lambda metadata: sa.Table(
            "t",
            metadata,
            sa.Column("a", sa.Enum(*labels, name="mood")),
            sa.Column("b", sa.Integer),
        )

    metadata_of(mood("x")).create_all(pg_engine)
    models = metadata_of(mood("x", "y"))
    no_a = Asked(lambda item, name, *_: name == "a")
    assert changes(migrations(pg_engine, models, include_object=no_a)) == []
    assert len(migrations(pg_engine, models)) == 1


def test_a_label_of_an_enum_is_added_though_one_of_its_columns_is_left_out(
    pg_engine: sa.Engine,
) -> None:
    def moods(*labels: str) -> Callable[[sa.MetaData], sa.Table]:
        enum = sa.Enum(*labels, name="mood")
        return lambda metadata: sa.Table(
            "t", metadata, *(sa.Column(name, enum) for name in ("a", "b", "c"))
        )

    metadata_of(moods("x")).create_all(pg_engine)
    for left in ("a", "c"):
        asked = Asked(lambda item, name, *_, left=left: name == left)
        found = migrations(pg_engine, metadata_of(moods("x", "y")), include_object=asked)
        assert ["AlterEnum"] == [type(each.change).__name__ for each in found]


def test_a_foreign_key_that_is_kept_keeps_the_index_that_mariadb_made_for_it(
    mariadb_engine: sa.Engine,
) -> None:
    key = sa.ForeignKeyConstraint(["x"], ["parent.id"], name="fk")
    metadata_of(parent, items(key)).create_all(mariadb_engine)
    for refused in (
        {"include_object": lambda item, name, kind, *_: kind != "foreign_key_constraint"},
        {"include_name": lambda name, kind, _: kind != "foreign_key_constraint"},
    ):
        assert changes(migrations(mariadb_engine, metadata_of(parent, items()), **refused)) == []


@pytest.mark.parametrize("kind", ["index", "unique_constraint"])
def test_a_foreign_key_that_an_item_left_out_serves_needs_no_index_of_mariadb(
    kind: str, mariadb_engine: sa.Engine
) -> None:
    key = sa.ForeignKeyConstraint(["x"], ["parent.id"], name="fk")
    wider = {
        "index": sa.Index("ix", "x", "y"),
        "unique_constraint": sa.UniqueConstraint("x", "y", name="ix"),
    }
    metadata_of(parent, items(key, wider[kind])).create_all(mariadb_engine)
    left_out = {
        "include_object": lambda item, name, kind, *_: kind not in {"index", "unique_constraint"}
    }
    key = sa.ForeignKeyConstraint(["x"], ["parent.id"], name="fk")
    assert changes(migrations(mariadb_engine, metadata_of(parent, items(key)), **left_out)) == []


@pytest.mark.parametrize("before", ["index", "unique_constraint"])
def test_the_name_of_a_key_or_an_index_that_is_left_out_is_not_given_to_the_other(
    before: str,
    any_engine: sa.Engine,
    tables: Callable[..., sa.MetaData],
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = {
        "index": sa.Index("uq", "x", "y"),
        "unique_constraint": sa.UniqueConstraint("x", name="uq"),
    }
    (after,) = made.keys() - {before}
    tables(items(made[before]))
    kept = {
        "include_object": lambda item, name, kind, reflected, other: (
            kind in {"table", "column"} or not reflected or other is not None
        )
    }
    assert changes(migrations(any_engine, metadata_of(items(made[after])), **kept)) == []
    assert f"Not created: {after.split('_')[0]} 'uq' of table 't'" in caplog.text


def test_include_name_is_asked_about_everything_that_is_there_and_nothing_else(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    tables(items(sa.Index("i", "x"), sa.CheckConstraint("x > 0", name="c")))
    calls = set()

    def include_name(name: str | None, kind: str, parents: dict[str, str]) -> bool:
        calls.add((kind, name, parents.get("table_name")))
        return name != "i"

    models = metadata_of(items(sa.CheckConstraint("x > 0", name="c")), parent)
    found = migrations(any_engine, models, include_name=include_name)
    assert ["CreateTable"] == [type(each.change).__name__ for each in found]
    assert calls - {("schema", None, None)} == {
        ("table", "t", None),
        ("column", "x", "t"),
        ("column", "y", "t"),
        ("index", "i", "t"),
        ("check_constraint", "c", "t"),
    }


def test_hooks_get_columns_with_what_the_models_say_beside_their_ddl(
    any_engine: sa.Engine, tables: Callable[..., sa.MetaData]
) -> None:
    def more(metadata: sa.MetaData) -> None:
        said: dict[str, Any] = {"info": {"pii": True}, "doc": "Who", "key": "other"}
        columns = (sa.Column("x", sa.Integer), sa.Column("y", sa.Integer))
        for name, has in (("t", columns), ("new", ())):
            sa.Table(name, metadata, *has, sa.Column("z", sa.Integer, **said), info={"of": name})

    tables(items())
    found = migrations(any_engine, metadata_of(more))
    (added,) = [each for each in found if isinstance(each, MoltresAddColumnOp)]
    (created,) = [each for each in found if isinstance(each, MoltresCreateTableOp)]
    columns: list[Any] = [added.column, created.columns[0]]
    for column in columns:
        assert ({"pii": True}, "Who", "other") == (column.info, column.doc, column.key)
    assert ("t", {"of": "t"}) == (added.column.table.name, added.column.table.info)
    assert {"of": "new"} == created.info
    assert created.table_schema.columns[0].name == "z"
    assert added.definition.name == "z"


@pytest.mark.parametrize("hidden", [False, True])
def test_a_changed_foreign_key_that_is_left_out_brings_no_index_on_mariadb(
    hidden: Any, mariadb_engine: sa.Engine
) -> None:
    def other(metadata: sa.MetaData) -> sa.Table:
        keys = [sa.Column(name, sa.Integer, primary_key=True) for name in ("a", "b")]
        return sa.Table("other", metadata, *keys)

    def keys(*columns: list[str], to: list[str]) -> list[sa.ForeignKeyConstraint]:
        named = zip(columns, ("fk1", "fk2"), strict=True)
        return [sa.ForeignKeyConstraint(each, to, name=name) for each, name in named]

    before = metadata_of(parent, other, items(*keys(["x"], ["y"], to=["parent.id"])))
    before.create_all(mariadb_engine)
    changed = keys(["x", "y"], ["y", "x"], to=["other.a", "other.b"])
    models = metadata_of(parent, other, items(*changed))
    filters: dict[str, Any] = (
        {"include_name": lambda name, kind, _: name != "fk1" or kind == "index"}
        if hidden
        else {"include_object": lambda item, name, *_: name != "fk1"}
    )
    found = migrations(mariadb_engine, models, **filters)
    names = [(type(each.change).__name__, each.constraint_name) for each in found]
    taken_for_absent = [("AddConstraint", "fk1")] if hidden else []
    drop, add = ("DropConstraint", "fk2"), ("AddConstraint", "fk2")
    assert sorted(names) == sorted([drop, add, *taken_for_absent])


def test_the_index_that_mariadb_made_for_a_dropped_key_is_no_difference_of_its_own(
    mariadb_engine: sa.Engine,
) -> None:
    key = sa.ForeignKeyConstraint(["x"], ["parent.id"])
    metadata_of(parent, items(key)).create_all(mariadb_engine)
    models = metadata_of(parent, items())
    with mariadb_engine.connect() as connection:
        opts = {"autogenerate_plugins": PLUGINS}
        context = MigrationContext.configure(connection, opts=opts)
        assert ["remove_fk"] == [each[0] for each in compare_metadata(context, models)]
