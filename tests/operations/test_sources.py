"""Moltres' own values are taken as they are, without importing Moltres."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa

from alembic_moltres.errors import NotAModelError
from alembic_moltres.operations import as_schema
from alembic_moltres.schema import TableSchema, check, column, foreign_key, unique
from tests.operations.context import run

theirs = pytest.importorskip("moltres.table.schema")


def test_moltres_own_value_is_taken() -> None:
    given = theirs.TableSchema(
        "orders",
        [
            theirs.column("id", "INTEGER", primary_key=True),
            theirs.decimal("price", 10, 2, nullable=False),
            theirs.column("note", "TEXT", default="it's"),
            theirs.json("extra", jsonb=True),
            theirs.uuid("key"),
        ],
        constraints=[
            theirs.unique(["note", "key"], name="uq"),
            theirs.check("price > 0", name="ck"),
            theirs.foreign_key("id", "users", "id", name="fk", on_delete="CASCADE"),
        ],
    )
    expected = TableSchema(
        "orders",
        [
            column("id", "INTEGER", primary_key=True),
            column("price", "DECIMAL(10,2)", nullable=False),
            column("note", "TEXT", default="it's"),
            column("extra", "JSON", type_variants={"postgresql": "postgresql.JSONB"}),
            column("key", "UUID"),
        ],
        constraints=[
            unique(["note", "key"], name="uq"),
            check("price > 0", name="ck"),
            foreign_key("id", "users", "id", name="fk", on_delete="CASCADE"),
        ],
    )
    made = as_schema(given)
    assert expected == made
    assert made.if_not_exists


def test_its_wish_is_honoured(any_engine: sa.Engine) -> None:
    given = theirs.TableSchema("t", [theirs.column("id", "INTEGER", primary_key=True)])
    for _ in range(2):
        executed = run(any_engine, lambda op: op.moltres_create_table(given))
        assert executed[0].startswith("CREATE TABLE IF NOT EXISTS t")


def test_models_that_look_a_little_like_it_are_models() -> None:
    with pytest.raises(NotAModelError):
        as_schema(TableSchema)


def test_moltres_is_not_imported() -> None:
    code = "import sys, alembic_moltres.operations\nassert 'moltres' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
