"""Models in Moltres: tables, handles, reflection and what is refused, on real databases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import moltres.table.schema as theirs
import moltres.table.table
import pytest
import sqlalchemy as sa
from moltres.utils.exceptions import ExecutionError, ValidationError

from alembic_moltres import (
    NotAModelError,
    OperationError,
    TableSchema,
    column,
    model_to_schema,
    primary_key,
)
from alembic_moltres.dataframe import Database, col, connect
from alembic_moltres.diff import AlterTable, DropColumn, diff
from tests.dataframe.models import MODELS, Base, Order, Tag, User
from tests.dump import dump
from tests.operations.context import run

MOLTRES_TYPES = [
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TEXT",
    "VARCHAR",
    "VARCHAR(9)",
    "CHAR",
    "BOOLEAN",
    "REAL",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
    "NUMERIC",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "DATETIME",
    "UUID",
    "JSON",
    "JSONB",
    "INTERVAL",
    "BLOB",
]

ROOT = Path(__file__).parents[2]


def _engine(db: Database) -> sa.Engine:
    return db.connection_manager.engine


def _names(db: Database) -> set[str]:
    return set(sa.inspect(_engine(db)).get_table_names())


def test_the_example_of_the_plan_runs_as_written(db: Database) -> None:
    db.create_table(User).collect()
    db.create_table(Order).collect()
    df = db.table(User).select().where(col("name") == "Alice")
    results = df.collect()
    assert [] == results
    df = db.table(Order).select().join(db.table(User), on=[("user_id", "id")])
    assert [] == df.collect()


def test_tables_are_those_of_the_operation_and_of_create_all(db: Database) -> None:
    engine = _engine(db)
    for model in MODELS:
        db.create_table(model).collect()
    ours = dump(engine)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    assert dump(engine) == ours
    Base.metadata.drop_all(engine)
    run(engine, lambda op: [op.moltres_create_table(model) for model in MODELS])
    assert dump(engine) == ours


def test_tables_of_a_migration_are_queried_by_their_models(db: Database) -> None:
    run(_engine(db), lambda op: op.moltres_create_table(Tag))
    assert 1 == db.insert(Tag, [{"id": 1, "label": "gift"}])
    assert [{"id": 1, "label": "gift", "weight": 1}] == db.table(Tag).select().collect()


@pytest.mark.parametrize("model", MODELS)
def test_a_reflected_model_is_up_to_date(shop: Database, model: Any) -> None:
    found = shop.reflect_model(model)
    assert isinstance(found, TableSchema)
    assert () == diff([found], [model_to_schema(model)])


def test_a_change_of_the_database_is_in_what_is_reflected(db: Database) -> None:
    db.create_table(Tag).collect()
    with _engine(db).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tags ADD COLUMN more INTEGER")
    (change,) = diff([db.reflect_model(Tag)], [model_to_schema(Tag)])
    assert isinstance(change, AlterTable)
    assert (DropColumn(column("more", "INTEGER")),) == change.changes


def test_reflecting_what_is_not_there_says_so(db: Database) -> None:
    with pytest.raises(OperationError, match="there is no table 'tags'"):
        db.reflect_model(Tag)


def test_every_source_makes_the_same_table(db: Database) -> None:
    value = TableSchema(
        "things",
        [column("id", "INTEGER", nullable=False), column("name", "VARCHAR(20)")],
        constraints=[primary_key("id")],
    )
    columns = [
        theirs.column("id", "INTEGER", nullable=False, primary_key=True),
        theirs.column("name", "VARCHAR(20)"),
    ]
    table = sa.Table(
        "things",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
    )
    made = []
    for source in (value, table, theirs.TableSchema("things", columns)):
        db.create_table(source).collect()
        made.append(dump(_engine(db)))
        db.drop_table("things").collect()
    db.create_table("things", columns).collect()
    made.append(dump(_engine(db)))
    assert len(set(made)) == 1
    assert "things" in made[0]


def test_constraints_in_the_form_of_moltres_are_kept(db: Database) -> None:
    db.create_table(Tag).collect()
    db.create_table(
        "things",
        [theirs.column("id", "INTEGER", primary_key=True), theirs.column("tag", "INTEGER")],
        constraints=[
            theirs.unique("tag", name="uq_things_tag"),
            theirs.check("tag > 0", name="ck_things_tag"),
            theirs.foreign_key("tag", "tags", "id", name="fk_things_tag"),
        ],
    ).collect()
    told = dump(_engine(db))
    assert [] == [n for n in ("uq_things_tag", "ck_things_tag", "fk_things_tag") if n not in told]


def test_each_type_in_the_form_of_moltres_is_known(db: Database) -> None:
    columns = [theirs.column(f"c{n}", name) for n, name in enumerate(MOLTRES_TYPES)]
    columns += [theirs.decimal("d", 10, 2), theirs.uuid("u"), theirs.json("j", jsonb=True)]
    db.create_table(
        "things", [theirs.column("id", "INTEGER", primary_key=True), *columns]
    ).collect()
    assert len(columns) + 1 == len(db.get_columns("things"))


def test_a_table_that_exists_is_left_as_it_is(db: Database) -> None:
    db.create_table(Tag).collect()
    db.insert(Tag, [{"id": 1, "label": "gift"}])
    db.create_table(Tag).collect()
    db.create_table_from_model(Tag, if_not_exists=True).collect()
    assert 1 == db.table(Tag).select().count()


def test_a_table_that_exists_is_refused_if_asked_for(db: Database) -> None:
    db.create_table(Tag).collect()
    with pytest.raises(OperationError, match="the table 'tags' cannot be made"):
        db.create_table(Tag, if_not_exists=False).collect()


def test_a_temporary_table_is_gone_with_its_connection(db: Database) -> None:
    with db.transaction():
        db.create_table(Tag, temporary=True).collect()
        db.insert(Tag, [{"id": 1, "label": "gift"}])
        assert 1 == db.table(Tag).select().count()
    assert set() == _names(db)


def test_the_statements_are_shown_and_not_executed(db: Database) -> None:
    shown = db.create_table(User).to_sql()
    assert set() == _names(db)
    assert "CREATE TABLE IF NOT EXISTS users" in shown
    assert "VARCHAR(100)" in shown
    assert "CREATE INDEX IF NOT EXISTS ix_users_name" in shown


def test_what_is_shown_is_what_is_executed(db: Database) -> None:
    operation = db.create_table(Order)
    statements = [each.strip() for each in operation.to_sql().split(";") if each.strip()]
    db.create_table(User).collect()
    with _engine(db).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    by_hand = dump(_engine(db)).replace("    ", "\t")  # Alembic writes no tabs
    db.drop_table("orders").collect()
    operation.collect()
    assert by_hand == dump(_engine(db)).replace("    ", "\t")


def test_tables_of_a_batch_are_made_when_it_ends(db: Database) -> None:
    with db.batch():
        db.create_table(User)
        db.create_table(Order)
        assert set() == _names(db)
    assert {"users", "orders"} == _names(db)


def test_a_handle_knows_its_model(shop: Database) -> None:
    handle = shop.table(User)
    assert handle.model is User
    assert handle.name == "users"
    assert "TableHandle('users', model=User)" == repr(handle)
    assert "e mail" in handle.columns()
    assert shop.create_table(User).collect().model is User
    assert shop.table("users").model is None


def test_a_table_in_another_schema_is_found_there(pg_url: str) -> None:
    there = sa.Table("tags", sa.MetaData(), sa.Column("id", sa.Integer), schema="shop")
    with connect(pg_url) as db:
        with _engine(db).begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA shop")
        db.create_table(there).collect()
        db.create_table(Tag).collect()
        db.insert(there, [{"id": 7}])
        assert [{"id": 7}] == db.table(there).select().where(there.c.id > 1).collect()
        assert [{"id": 7}] == db.table("shop.tags").select().collect()
        assert 1 == db.delete(there, where=there.c.id == 7)
        assert "shop" == db.reflect_model(there).schema


@pytest.mark.parametrize("wrong", [int, User(), 3, None, object()])
def test_what_is_no_model_is_refused(db: Database, wrong: Any) -> None:
    for refused in (db.table, db.create_table, db.create_table_from_model, db.reflect_model):
        with pytest.raises(NotAModelError) as caught:
            refused(wrong)
        assert isinstance(caught.value, TypeError)
        assert "pass" in str(caught.value)


def test_an_instance_is_refused_with_its_class(db: Database) -> None:
    with pytest.raises(NotAModelError, match="pass the class User"):
        db.table(User())


def test_moltres_refuses_names_as_before(db: Database) -> None:
    with pytest.raises(ValidationError):
        db.table("")
    with pytest.raises(ValidationError):
        db.create_table("things")
    with pytest.raises(ExecutionError):
        db.table("nothing").select().collect()


def test_the_databases_are_those_of_moltres(db: Database) -> None:
    assert isinstance(db, moltres.table.table.Database)
    assert isinstance(db.table(User), moltres.table.table.TableHandle)


@pytest.mark.slow
def test_the_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "examples/17_sqlalchemy_models.py"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all of it is so\n")


def _python(source: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", source], check=False, capture_output=True, text=True
    )


def test_nothing_else_needs_moltres() -> None:
    done = _python(
        "import sys\n"
        "sys.modules['moltres'] = sys.modules['moltres_core'] = None\n"
        "import alembic.op, alembic_moltres, alembic_moltres.autogenerate, alembic_moltres.operations\n"
        "[getattr(alembic_moltres, name) for name in alembic_moltres.__all__]\n"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["moltres", "aiofiles", "greenlet"])
def test_without_the_extra_the_error_says_what_to_install(package: str) -> None:
    done = _python(
        f"import sys\nsys.modules[{package!r}] = None\n"
        "try:\n    import alembic_moltres.dataframe\n"
        "except ImportError as err:\n    print(err)\n"
    )
    assert done.stdout == (
        f"the package {package!r} is not installed (at alembic_moltres.dataframe); "
        'pip install "alembic-moltres[moltres]"\n'
    ), done.stderr
