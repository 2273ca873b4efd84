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
    *("operations", "autogenerate", "plugin", "commands", "options", "runtime", "history"),
    *("history.ops", "history.anchors.operation", "commands.anchor_command"),
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


LIGHT = ["alembic_compat", "errors", "messages", "plugin"]
LOADED = "print(*sorted(m.removeprefix('alembic_moltres.') for m in sys.modules if m.startswith('alembic_moltres.')))"


def test_alembic_loads_no_operation_until_a_script_needs_one() -> None:
    loaded = run(
        f"import alembic.config, sys\nfrom alembic import op\n'moltres_alter_table' in dir(op)\n{LOADED}"
    )
    assert loaded.split() == LIGHT


@pytest.mark.parametrize(
    "access",
    [
        "from alembic.op import moltres_create_table",
        "from alembic import op; op.moltres_tables",
        "from alembic.operations import Operations; Operations.moltres_anchor",
        "from alembic.operations import Operations; hasattr(Operations, 'moltres_alter_enum')",
        "import alembic_moltres.operations.value_op",
    ],
)
def test_the_first_access_registers_every_operation_and_its_renderer(access: str) -> None:
    registered = run(
        f"import alembic\n{access}\nfrom alembic import op\nfrom alembic.autogenerate.render import renderers\n"
        "from alembic.operations import Operations\nfrom alembic_moltres.plugin import OPERATIONS\n"
        "print(sorted({n for n in vars(Operations) if n.startswith('moltres_')} ^ set(OPERATIONS)))\n"
        "print([n for n in OPERATIONS if n not in vars(op) or '_OperationOnDemand' in repr(vars(Operations)[n])])\n"
        "print(sum('moltres' in repr(key) for key in renderers._registry))"
    )
    assert registered.splitlines() == ["[]", "[]", "17"]


def test_alembics_operations_refuse_a_value_before_ours_are_loaded() -> None:
    refused = run(
        "from alembic import op\nfrom alembic.util import CommandError\nfrom alembic_moltres import column\n"
        "from alembic.operations import Operations\nfrom alembic.migration import MigrationContext\nimport sys\n"
        "print('alembic_moltres.operations' in sys.modules)\n"
        "context = MigrationContext.configure(dialect_name='sqlite', opts={'as_sql': True})\n"
        "with Operations.context(context):\n"
        "    try: op.add_column('t', column('a', 'INTEGER'))\n"
        "    except CommandError as err: print(err)"
    )
    loaded, error = refused.splitlines()
    assert loaded == "False"
    assert error.startswith("op.add_column() of Alembic got the value column('a', 'INTEGER') (at ")


def test_a_check_of_plain_alembic_that_finds_differences_loads_nothing_of_ours() -> None:
    loaded = run(
        "import sys\nfrom alembic.util import AutogenerateDiffsDetected\n"
        f"print(AutogenerateDiffsDetected('as Alembic words it', None, []))\n{LOADED}"
    )
    assert loaded.splitlines() == ["as Alembic words it", " ".join(LIGHT)]


def test_loading_dialects_is_left_to_sqlalchemy() -> None:
    loaded = run(
        "import alembic, sys\nprint(*(m for m in sys.modules if m.startswith('sqlalchemy.dialects.')))"
    )
    without_us = run(
        "import importlib.metadata as m, sys\nm.entry_points = lambda **_: ()\nimport alembic\n"
        "print(*(m for m in sys.modules if m.startswith('sqlalchemy.dialects.')))"
    )
    assert set(loaded.split()) == set(without_us.split())


UNNEEDED = (
    *("operations", "history", "diff.changes", "diff.difference", "diff.failures"),
    *("autogenerate.questions", "autogenerate.object_changes", "autogenerate.generated_names"),
    *("autogenerate.filtering.item_filter", "dialects.base.rejections", "dialects.postgresql"),
)
"""What only a difference, an error or another database needs."""


def test_a_comparison_that_finds_nothing_loads_no_change_and_no_operation() -> None:
    loaded = run(
        "import sys, sqlalchemy as sa\nfrom alembic.autogenerate import compare_metadata\n"
        "from alembic.migration import MigrationContext\nmetadata = sa.MetaData()\n"
        "sa.Table('t', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.Integer))\n"
        "with sa.create_engine('sqlite://').connect() as connection:\n"
        "    metadata.create_all(connection)\n"
        "    opts = {'autogenerate_plugins': ['alembic.autogenerate.*', 'alembic_moltres']}\n"
        "    assert compare_metadata(MigrationContext.configure(connection, opts=opts), metadata) == []\n"
        f"{LOADED}"
    )
    modules = loaded.split()
    assert "dialects.base.align" in modules
    assert [
        name for name in modules if f"{name}.".startswith(tuple(f"{n}." for n in UNNEEDED))
    ] == []
