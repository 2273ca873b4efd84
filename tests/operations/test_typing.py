"""Type checkers know `op.moltres_*` in a script that says `from alembic import op`."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import venv
from pathlib import Path

import alembic.op
import pytest

import alembic_moltres.operations  # noqa: F401  (registers op.moltres_*)

SRC = Path(__file__).parents[2] / "src"
STUB = ast.parse((SRC / "alembic-stubs" / "op.pyi").read_text(encoding="utf-8"))

SCRIPT = """\
import sqlalchemy as sa
from alembic import op
from alembic.operations import ops
from alembic_moltres import column, sequence

made: sa.Table = op.moltres_create_table(object(), if_not_exists=True)
op.moltres_drop_table(made, if_exists=True)
op.moltres_add_foreign_keys(made)
op.moltres_drop_foreign_keys(made)
plain: sa.Table = op.create_table("t", sa.Column("id", sa.Integer))
with op.moltres_alter_table("t", schema="s") as t:
    t.add_column(column("a", "INTEGER"))
    t.alter_column(column("n", "INTEGER"), column("n", "BIGINT"), fill_null=True)
op.moltres_rename_table("t", "u")
op.moltres_alter_enum("ENUM('a',name='m')", "ENUM('b',name='m')", renamed={"a": "b"})
op.moltres_alter_sequence(sequence("s"), sequence("s", start=5))
op.moltres_alter_domain("postgresql.DOMAIN(TEXT,name='d')", "postgresql.DOMAIN(TEXT,name='d',not_null=True)")
op.moltres_create_type("ENUM('a',name='m')")
op.moltres_drop_type("ENUM('a',name='m')")
op.moltres_rename_type("m", "n", schema="s")
op.moltres_create_sequence(sequence("s"))
op.moltres_drop_sequence(sequence("s"))
with op.moltres_state_only():
    op.moltres_drop_table("t")
with op.moltres_idempotent():
    op.moltres_drop_table("t")
users: sa.Table = op.moltres_tables()["users"]
with op.batch_alter_table("t") as batch:
    batch.drop_column("x")
kind: type[ops.CreateTableOp] = ops.CreateTableOp
"""

WRONG = """\
op.moltres_creat_table(made)
op.moltres_create_table(made, True)
op.add_column(1)
with op.moltres_alter_table("t") as u: u.add_colum(column("a", "INTEGER"))
"""


def stated() -> set[str]:
    defined = {node.name for node in STUB.body if isinstance(node, ast.FunctionDef)}
    aliased = {ast.unparse(node.targets[0]) for node in STUB.body if isinstance(node, ast.Assign)}
    return defined | aliased


def test_the_stub_has_every_function_of_alembics() -> None:
    path = Path(alembic.op.__file__).with_suffix(".pyi")
    theirs = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in theirs.body if isinstance(node, ast.FunctionDef)}
    assert functions <= stated()


def test_the_stub_says_the_signatures_of_ours() -> None:
    ours = {name for name in dir(alembic.op) if name.startswith("moltres_")}
    defined = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}
    assert ours == set(defined)
    for name, node in defined.items():
        registered = getattr(alembic.operations.Operations, name)
        expected = str(
            inspect.signature(registered).replace(return_annotation=inspect.Signature.empty)
        )
        arguments = ", ".join(filter(None, ("self", ast.unparse(node.args))))
        assert expected.replace(" ", "").replace("'", "") == f"({arguments})".replace(" ", "")


@pytest.mark.slow
@pytest.mark.newest
def test_mypy_accepts_a_script_and_finds_what_is_wrong(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is in the group `lint`")
    interpreter = _environment(tmp_path / "venv")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file="]
    command += [
        f"--cache-dir={tmp_path / 'cache'}",
        f"--python-executable={interpreter}",
        "script.py",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    first = SCRIPT.count("\n") + 1
    found = [line.split(" ", 1)[0] for line in done.stdout.splitlines() if "error:" in line]
    lines = [first, first + 1, first + 2, first + 3]
    assert {f"script.py:{number}:" for number in lines} == set(found), done.stdout


def _environment(directory: Path) -> Path:
    """Make an environment in which this project is installed, as `pip install -e` does it."""
    venv.create(directory, with_pip=False)
    (site,) = directory.glob("lib/python*/site-packages")
    paths = [str(SRC), *(path for path in sys.path if path.endswith("site-packages"))]
    (site / "these.pth").write_text("\n".join(paths), encoding="utf-8")
    return directory / "bin" / "python"
