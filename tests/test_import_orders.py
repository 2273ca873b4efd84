"""`import alembic` never fails because of us, whatever was imported first: each order in a process of its own."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

FIRST = (
    "alembic",
    "alembic_moltres",
    "alembic_moltres.plugin",
    "sqlalchemy",
    "alembic.op",
    "alembic.config",
)
PARTS = (
    *("datatypes", "schema", "sqla_compat", "alembic_compat", "types", "convert"),
    *("operations", "autogenerate", "plugin", "commands", "options", "runtime"),
)


def run(source: str) -> str:
    """Run Python source in a new process, warnings as errors, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("order", list(itertools.permutations(FIRST[:3])), ids="-".join)
def test_the_three_are_imported_in_any_order(order: tuple[str, ...]) -> None:
    run("\n".join(f"import {module}" for module in order))


@pytest.mark.parametrize("first", FIRST)
def test_every_public_name_is_there_whatever_came_first(first: str) -> None:
    run(f"import {first}, alembic_moltres as am\nfor name in am.__all__: getattr(am, name)")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_imported_first_and_alembic_after_it(part: str) -> None:
    run(f"import alembic_moltres.{part}, alembic.op")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_imported_after_alembic(part: str) -> None:
    run(f"import alembic.op, alembic_moltres.{part}")


def test_every_public_name_is_there_by_star() -> None:
    run("from alembic_moltres import *\nassert TableSchema")


@pytest.mark.parametrize("module", ["alembic_moltres", "alembic_moltres.plugin"])
def test_the_door_and_the_plugin_load_neither_alembic_nor_sqlalchemy(module: str) -> None:
    loaded = run(
        f"import {module}, sys\nprint(*sorted(m for m in sys.modules if m.startswith(('alembic.', 'sqlalchemy'))))"
    )
    assert loaded.split() == []


def test_the_schema_is_imported_without_sqlalchemy() -> None:
    loaded = run(
        "from alembic_moltres import TableSchema, column\nimport sys\nprint('sqlalchemy' in sys.modules)"
    )
    assert loaded.split() == ["False"]


@pytest.mark.parametrize("first", FIRST)
def test_alembic_has_set_up_the_plugin_once(first: str) -> None:
    said = run(
        f"import {first}, alembic\nfrom alembic.runtime import plugins\n"
        "print([name for name in plugins._all_plugins if 'moltres' in name])"
    )
    assert said.split() == ["['alembic_moltres']"]


def test_loading_dialects_is_left_to_sqlalchemy() -> None:
    loaded = run(
        "import alembic, sys\nprint(*(m for m in sys.modules if m.startswith('sqlalchemy.dialects.')))"
    )
    without_us = run(
        "import importlib.metadata as m, sys\nm.entry_points = lambda **_: ()\nimport alembic\n"
        "print(*(m for m in sys.modules if m.startswith('sqlalchemy.dialects.')))"
    )
    assert set(loaded.split()) == set(without_us.split())
