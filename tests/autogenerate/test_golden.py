"""Whole scripts: what they say, and what they do on real databases.

`tests/golden/<name>/` has models and the scripts that autogenerate writes for them: `create.py` on every
database, `drop.sqlite.py` when the models are gone; `create.init.py` with the templates of `alembic-moltres init`. With
MOLTRES_WRITE_GOLDEN=1 they are written.
"""

from __future__ import annotations

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres import schema as values
from alembic_moltres.autogenerate.script.head import ALWAYS_TAKEN, COMMENT, import_line
from alembic_moltres.commands.scripts.template import with_constants_below
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.dump import dump

GOLDEN = Path(__file__).parents[1] / "golden"
CREATE_DATE = re.compile(r"^Create Date: .*$", re.MULTILINE)
NO_MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
OURS = re.compile(r"^from alembic_moltres[\s\S]*?\n(?=\n+# revision identifiers)", re.MULTILINE)
BELOW = re.compile(rf"\n\n\n{re.escape(COMMENT)}\n[\s\S]*\Z")
EXAMPLE = Path(__file__).parents[2] / "migrations_example" / "versions"
SCRIPTS = sorted(
    path for path in (*GOLDEN.rglob("*.py"), *EXAMPLE.glob("*.py")) if path.stem != "models"
)
GENERATED = [
    path
    for path in SCRIPTS
    if "Written by hand" not in (text := path.read_text("utf-8")) and "op.moltres_" in text
]
NAMES = ("shop", "cycles", "hard_names")

pytestmark = [
    # Alembic sorts the tables of a cycle with SQLAlchemy, which says that it cannot
    pytest.mark.filterwarnings("ignore:Cannot correctly sort tables:sqlalchemy.exc.SAWarning"),
]


def models(name: str) -> str:
    return (GOLDEN / name / "models.py").read_text(encoding="utf-8")


def assert_golden(expected: Path, script: Path) -> None:
    written = CREATE_DATE.sub("Create Date: 2026-11-23 10:00:00", script.read_text("utf-8"))
    if os.environ.get("MOLTRES_WRITE_GOLDEN") == "1":
        expected.write_text(written, "utf-8")
    assert expected.read_text("utf-8") == written


def our_lines(script: str) -> list[str]:
    """Return the lines of a script that are ours: its constants, and the calls of our operations."""
    constants = OURS.search(script)
    calls = re.findall(r"^    (?:with )?op\.moltres_.*$", script, re.MULTILINE)
    assert calls
    return [constants[0] if constants else "", *calls, *BELOW.findall(script)]


def metadata_of(name: str) -> sa.MetaData:
    namespace = runpy.run_path(str(GOLDEN / name / "models.py"))
    found = namespace.get("target_metadata") or namespace["Base"].metadata
    assert isinstance(found, sa.MetaData)
    found.info["keep"] = namespace  # classes that nobody holds are collected
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_script_is_the_same_on_every_database_and_makes_what_create_all_makes(
    name: str, any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(models(name), any_url)
    script = project.revision("create", rev_id="create")
    assert_golden(GOLDEN / name / "create.py", script)
    project.upgrade()
    made = dump(any_engine)
    project.check()
    project.downgrade()
    assert dump(any_engine) == ""
    project.upgrade()
    assert made == dump(any_engine)
    project.downgrade()
    metadata_of(name).create_all(any_engine)
    assert dump(any_engine) == made


@pytest.mark.parametrize("name", NAMES)
def test_removed_tables_are_dropped_and_made_again_as_they_were(
    name: str, any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(models(name), any_url, configure='moltres={"empty_models": True},')
    project.revision("create", rev_id="create")
    project.upgrade()
    made = dump(any_engine)
    project.write_models(NO_MODELS)
    script = project.revision("drop", rev_id="drop")
    if any_engine.dialect.name == "sqlite":  # a server's own words differ by its version
        assert_golden(GOLDEN / name / "drop.sqlite.py", script)
    project.upgrade()
    assert dump(any_engine) == ""
    project.check()
    project.downgrade("create")
    assert in_other_words(dump(any_engine)) == in_other_words(made)
    project.downgrade()
    assert dump(any_engine) == ""


def in_other_words(structure: str) -> list[str]:
    """Leave out what Alembic's and SQLAlchemy's reflection does not tell.

    SQLite: whether a default stands in parentheses, and in which order the constraints do. MariaDB: the CHECK that
    makes LONGTEXT a JSON.
    """
    bare = re.sub(r"DEFAULT \(([^()]*)\)", r"DEFAULT \1", structure)
    bare = re.sub(r" CHECK \(json_valid\(`\w+`\)\)", "", bare)
    lines = [line.strip().removesuffix(",") for line in bare.splitlines()]
    constraint = re.compile("CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN")
    return sorted(lines, key=lambda line: line if constraint.match(line) else "")


@pytest.mark.parametrize("template", ["generic", "async", "pyproject", "pyproject_async"])
def test_every_stock_template_takes_the_same_script(
    template: str, sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    url = sqlite_url.replace("sqlite:", "sqlite+aiosqlite:") if "async" in template else sqlite_url
    project = alembic_project(models("shop"), url, template=template)
    assert_golden(GOLDEN / "shop" / "create.py", project.revision("create", rev_id="create"))
    project.upgrade()
    project.check()
    project.downgrade()


def test_the_constants_of_all_databases_are_in_one_script(
    sqlite_url: str, pg_url: str, alembic_project: ProjectFactory
) -> None:
    urls = {"engine1": sqlite_url, "engine2": pg_url}
    project = alembic_project(models("databases"), urls, template="multidb")
    script = project.revision("create", rev_id="create")
    assert_golden(GOLDEN / "databases" / "create.py", script)
    project.upgrade()
    project.downgrade()
    for url in urls.values():
        assert dump(sa.create_engine(url, poolclass=sa.NullPool)) == ""


def as_init(project: AlembicProject) -> AlembicProject:
    """Give a project the `script.py.mako` of `alembic-moltres init`."""
    template = project.versions.parent / "script.py.mako"
    template.write_text(with_constants_below(template.read_text("utf-8")), "utf-8")
    return project


def test_the_constants_stand_below_the_functions_in_a_project_made_by_init(
    any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = as_init(alembic_project(models("shop"), any_url))
    script = project.revision("create", rev_id="create")
    assert_golden(GOLDEN / "shop" / "create.init.py", script)
    project.upgrade()
    project.check()
    project.downgrade()
    assert dump(any_engine) == ""


def test_they_stand_below_the_functions_of_all_databases(
    sqlite_url: str, pg_url: str, alembic_project: ProjectFactory
) -> None:
    urls = {"engine1": sqlite_url, "engine2": pg_url}
    project = as_init(alembic_project(models("databases"), urls, template="multidb"))
    script = project.revision("create", rev_id="create")
    assert_golden(GOLDEN / "databases" / "create.init.py", script)
    project.upgrade()
    project.downgrade()
    for url in urls.values():
        assert dump(sa.create_engine(url, poolclass=sa.NullPool)) == ""


def test_upgrade_stands_above_line_40_whatever_a_script_imports(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    tables = [
        f"sa.Table('t{n}', target_metadata, sa.Column('id', sa.Integer), sa.Column('a', sa.Text))"
        for n in range(100)
    ]
    source = "\n".join(["import sqlalchemy as sa", "target_metadata = sa.MetaData()", *tables])
    project = as_init(alembic_project(source, sqlite_url))
    text = project.revision("x").read_text("utf-8")
    (ours,) = re.findall(r"^from alembic_moltres import .*$", text, re.MULTILINE)
    written = set(values.__all__) & ALWAYS_TAKEN - {"decimal", "json", "uuid"}  # column() is
    everything = import_line({"TableSchema", *written})
    assert everything.count("\n") > 15
    longest = f"from decimal import Decimal\n{everything}"
    lines = text.replace(ours, longest).split("\n")
    assert lines.index("def upgrade() -> None:") + 1 < 40
    assert text.count("TableSchema(") == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_same_models_give_the_same_bytes(
    name: str, sqlite_url: str, alembic_project: ProjectFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = []
    for seed in ("1", "2"):  # sets have another order
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        project = alembic_project(models(name), sqlite_url, in_subprocess=True)
        scripts.append(project.revision("x", rev_id="x"))
    once, again = (CREATE_DATE.sub("", script.read_text("utf-8")) for script in scripts)
    assert once == again


@pytest.mark.newest
@pytest.mark.parametrize("script", GENERATED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_formatters_leave_our_lines_as_they_are(script: Path, tmp_path: Path) -> None:
    import black

    source = script.read_text("utf-8")
    copy = tmp_path / "script.py"
    copy.write_text(source, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--quiet", copy], check=True
    )
    assert our_lines(copy.read_text("utf-8")) == our_lines(source)
    assert our_lines(black.format_str(source, mode=black.Mode())) == our_lines(source)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_script_imports_nothing_of_the_application(script: Path) -> None:
    imported = {
        module
        for node in ast.walk(ast.parse(script.read_text("utf-8")))
        for module in imported_by(node)
    }
    assert imported <= {"typing", "decimal", "alembic", "sqlalchemy", "alembic_moltres"}


def imported_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(module=str(module)):
            return [module]
    return []
