"""The fixtures of a project's own suite: rows walk through every revision, and a loss is named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.errors import HistoryError, OptionError
from alembic_moltres.history.state import State
from alembic_moltres.pytest_plugin.made_rows import MadeRows
from alembic_moltres.pytest_plugin.walking import walk
from alembic_moltres.schema import TableSchema, check, column, foreign_key, primary_key
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports

ROOT = Path(__file__).parents[2]
NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
HEAD = """\
from alembic import op
import sqlalchemy as sa
from alembic_moltres import TableSchema, check, column, foreign_key, primary_key, unique

revision = "{revision}"
down_revision = {down!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""
USERS = """op.moltres_create_table(TableSchema("users", [
        column("id", "INTEGER", nullable=False),
        column("mail", "VARCHAR(50)", nullable=False),
        column("nickname", "VARCHAR(20)"),
    ], constraints=[primary_key("id"), unique("mail")]))"""
DROP_USERS = 'op.drop_table("users")'
IN_USERS = 'with op.moltres_alter_table("users") as users:\n        users.'
NICKNAME = 'column("nickname", "VARCHAR(20)")'


def write(
    project: AlembicProject, revision: str, down: Any, upgrade: str, downgrade: str = "pass"
) -> None:
    source = HEAD.format(revision=revision, down=down, upgrade=upgrade, downgrade=downgrade)
    project.write_script(revision, source)


def walked(
    project: AlembicProject,
    url: str,
    expected: Mapping[str, Iterable[str]] | None = None,
    rows: Mapping[str, Any] | None = None,
) -> list[str]:
    config = Config(project.directory / "alembic.ini")
    with fresh_imports():
        sys.path.insert(0, str(project.directory))
        return [str(each) for each in walk(config, url, rows or {}, expected or {})]


@pytest.fixture
def users(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    project = alembic_project(NO_MODELS, any_url)
    write(project, "a1", None, USERS, DROP_USERS)
    return project


def test_a_planted_loss_is_found_with_revision_table_and_column(
    users: AlembicProject, any_url: str
) -> None:
    write(
        users, "b2", "a1", f"{IN_USERS}drop_column({NICKNAME})", f"{IN_USERS}add_column({NICKNAME})"
    )
    assert walked(users, any_url) == [
        "b2: upgrade loses users.nickname: the column is gone, with values such as 'row 1'"
    ]
    assert walked(users, any_url, {"b2": ["users.nickname"]}) == []
    assert walked(users, any_url, {"b2": ["users"]}) == []
    assert walked(users, any_url, {"a1": ["users"], "b2": ["users.nickname"]}) == [
        "a1: it does not lose users; take it out of expected_losses"
    ]


@pytest.mark.parametrize(
    ("upgrade", "found"),
    [
        pytest.param(
            'op.execute("DELETE FROM users WHERE nickname IS NULL")',
            "upgrade loses users: 1 row of 2 is gone",
            id="rows",
        ),
        pytest.param(
            'op.execute("UPDATE users SET nickname = NULL")',
            "upgrade loses users.nickname: 'row 1' became None (1 of 2 rows)",
            id="values",
        ),
        pytest.param(
            'op.execute("UPDATE users SET mail = upper(mail)")',
            "upgrade loses users.mail: 'row 1' became 'ROW 1' (2 of 2 rows)",
            id="changed",
        ),
        pytest.param(
            'op.drop_table("users")',
            "upgrade loses users: the table is gone, with its 2 rows",
            id="table",
        ),
        pytest.param(
            "op.execute(\"INSERT INTO users (mail) VALUES ('row 1')\")",
            "upgrade fails on rows: ",
            id="fails",
        ),
    ],
)
def test_what_is_lost_is_said(
    users: AlembicProject, any_url: str, upgrade: str, found: str
) -> None:
    downgrade = USERS if "drop_table" in upgrade else "pass"
    write(users, "b2", "a1", upgrade, downgrade)
    (failure,) = (each for each in walked(users, any_url) if "upgrade" in each)
    assert failure.startswith(f"b2: {found}")


def test_what_a_downgrade_loses_is_said(users: AlembicProject, any_url: str) -> None:
    write(users, "b2", "a1", "pass", 'op.execute("DELETE FROM users")')
    assert walked(users, any_url) == ["b2: downgrade loses users: all 2 rows are gone"]
    assert walked(users, any_url, {"b2": ["users"]}) == []


def test_rows_are_followed_under_new_names_and_types(users: AlembicProject, any_url: str) -> None:
    write(
        users,
        "b2",
        "a1",
        'op.moltres_rename_table("users", "people")\n    '
        'with op.moltres_alter_table("people") as people:\n        '
        'people.rename_column("mail", "tmp")\n        '
        'people.rename_column("nickname", "mail")\n        '
        'people.rename_column("tmp", "nickname")',
        'with op.moltres_alter_table("people") as people:\n        '
        'people.rename_column("nickname", "tmp")\n        '
        'people.rename_column("mail", "nickname")\n        '
        'people.rename_column("tmp", "mail")\n    '
        'op.moltres_rename_table("people", "users")',
    )
    write(
        users,
        "c3",
        "b2",
        'with op.moltres_alter_table("people") as people:\n        '
        'people.alter_column(column("mail", "VARCHAR(20)"), column("mail", "TEXT"))',
        'with op.moltres_alter_table("people") as people:\n        '
        'people.alter_column(column("mail", "TEXT"), column("mail", "VARCHAR(20)"))',
    )
    assert walked(users, any_url) == []


def test_branches_and_their_merge_are_walked(users: AlembicProject, any_url: str) -> None:
    for name in ("b2", "c3"):
        added = f'column("{name}", "INTEGER")'
        write(
            users, name, "a1", f"{IN_USERS}add_column({added})", f"{IN_USERS}drop_column({added})"
        )
    write(users, "d4", ("b2", "c3"), 'op.execute("UPDATE users SET b2 = 0")')
    (up,) = walked(users, any_url)
    assert up.startswith("d4: upgrade loses users.b2: ")


def test_a_revision_without_a_way_back_is_walked_up(users: AlembicProject, any_url: str) -> None:
    write(users, "b2", "a1", "pass", "raise NotImplementedError")
    assert walked(users, any_url) == []


def test_the_project_gives_rows_where_ours_are_refused(users: AlembicProject, any_url: str) -> None:
    odd = 'check("length(mail) * 7 = 140", name="odd")'
    write(
        users,
        "b2",
        "a1",
        USERS.replace("users", "odd").replace("unique(", f"{odd}, unique("),
        'op.drop_table("odd")',
    )
    write(users, "c3", "b2", "pass")
    (failure,) = walked(users, any_url)
    assert failure.startswith("c3: before it, no row could be made for odd: ")
    assert failure.endswith("; give rows with the fixture moltres_rows, or an empty list")
    mail = "somebody@example.org"
    given = {"odd": [{"mail": mail, "nickname": mail, "not_yet": 1}]}
    assert walked(users, any_url, rows=given) == []
    assert walked(users, any_url, rows={"odd": []}) == []


def test_a_misspelt_revision_is_refused(users: AlembicProject, any_url: str) -> None:
    with pytest.raises(OptionError, match="which is not a revision; did you mean 'a1'"):
        walked(users, any_url, {"a11": ["users"]})


def test_a_database_that_is_not_empty_is_left_as_it_is(
    users: AlembicProject, any_engine: sa.Engine
) -> None:
    with any_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (id INTEGER)")
    url = any_engine.url.render_as_string(hide_password=False)
    with pytest.raises(HistoryError, match="is not empty"):
        walked(users, url)


# rows


EVERY_TYPE = {
    "sqlite": ["INTEGER", "VARCHAR(3)", "TEXT", "DECIMAL(3,2)", "REAL", "BOOLEAN", "DATE", "TIME"],
    "postgresql": [
        *("INTEGER", "BIGINT", "SMALLINT", "VARCHAR(3)", "CHAR(2)", "TEXT", "DECIMAL(3,2)", "REAL"),
        *("DOUBLE", "BOOLEAN", "DATE", "TIME", "TIMESTAMP(timezone=True)", "INTERVAL", "UUID"),
        *("JSON", "BLOB", "ENUM('a','b',name='kind')", "postgresql.ARRAY(INTEGER)"),
        *("postgresql.ARRAY(VARCHAR(5),dimensions=2)", "postgresql.JSONB", "postgresql.INET"),
        *("postgresql.CIDR", "postgresql.MACADDR", "postgresql.MACADDR8", "postgresql.MONEY"),
        *("postgresql.OID", "postgresql.BIT(3)", "postgresql.TSVECTOR", "postgresql.TSQUERY"),
        *("postgresql.INT4RANGE", "postgresql.DATERANGE", "postgresql.TSTZRANGE"),
        *("postgresql.NUMMULTIRANGE", "postgresql.REGCLASS", "postgresql.JSONPATH"),
        "postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 7')",
        *("postgresql.INTERVAL", "postgresql.TIMESTAMP(precision=3)"),
    ],
    "mariadb": [
        *("INTEGER", "BIGINT", "SMALLINT", "VARCHAR(3)", "CHAR(2)", "TEXT", "DECIMAL(3,2)", "REAL"),
        *("DOUBLE", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "JSON", "BLOB", "ENUM('a','b')"),
        *("mysql.TINYINT", "mysql.MEDIUMINT", "mysql.YEAR", "mysql.SET('x','y')", "mysql.BIT(1)"),
        *("mysql.LONGTEXT", "mysql.DATETIME(fsp=6)", "sql.BINARY(4)", "sql.VARBINARY(9)"),
    ],
}


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_every_type_has_a_value(
    kind: str, request: pytest.FixtureRequest, alembic_project: ProjectFactory
) -> None:
    fixture = {"sqlite": "sqlite_url", "postgresql": "pg_url", "mariadb": "mariadb_url"}[kind]
    url = request.getfixturevalue(fixture)
    project = alembic_project(NO_MODELS, url)
    columns = [
        f"column('c{n}', {each!r}, nullable=False)" for n, each in enumerate(EVERY_TYPE[kind])
    ]
    key = "column('id', 'INTEGER', nullable=False)"
    table = f"TableSchema('t', [{', '.join([key, *columns])}], constraints=[primary_key('id')])"
    write(
        project, "a1", None, f"op.moltres_create_table({table})", f"op.moltres_drop_table({table})"
    )
    write(project, "b2", "a1", "pass")
    write(project, "c3", "b2", 'op.execute("DELETE FROM t")')
    # two rows each time: what is not made is not lost
    assert walked(project, url) == ["c3: upgrade loses t: all 2 rows are gone"]


def rows_of(engine: sa.Engine, *tables: TableSchema) -> tuple[dict[str, str], dict[str, int]]:
    from alembic_moltres import schema_to_table

    state = State().with_tables({each.key: each for each in tables})
    metadata = sa.MetaData()
    live = [schema_to_table(each, metadata) for each in tables]
    metadata.create_all(engine)
    with engine.connect() as connection:
        reasons = MadeRows(connection, {}).fill(state)
        counts = {str(each.name): len(connection.execute(sa.select(each)).all()) for each in live}
    return reasons, counts


@pytest.mark.parametrize(
    "condition",
    [
        *("a > 0", "a >= 100", "a < 0", "a BETWEEN 500 AND 600", "a IN (7, 9)", "a <> 1"),
        *("length(b) = 3", "b IN ('x', 'y')", "b LIKE '%@%'", "length(b) > 12 AND a > 3"),
        *("a < c", "c < a", "a = c", "b = 'x' OR b = 'y'", "a % 10 = 0 AND a >= 50"),
    ],
)
def test_a_check_has_a_row(any_engine: sa.Engine, condition: str) -> None:
    t = TableSchema(
        "t",
        [
            column("id", "INTEGER", nullable=False),
            column("a", "INTEGER", nullable=False),
            column("b", "VARCHAR(20)", nullable=False),
            column("c", "INTEGER", nullable=False),
        ],
        constraints=[primary_key("id"), check(condition, name="ck")],
    )
    reasons, counts = rows_of(any_engine, t)
    assert reasons == {}
    assert counts["t"] >= 1


def test_keys_are_followed_whatever_the_order_of_the_tables(any_engine: sa.Engine) -> None:
    key = column("id", "INTEGER", nullable=False)

    def refers(name: str, to: str, *, nullable: bool = False) -> TableSchema:
        return TableSchema(
            name,
            [key, column("other_id", "INTEGER", nullable=nullable)],
            constraints=[primary_key("id"), foreign_key("other_id", to, "id")],
        )

    pair = TableSchema(
        "pairs",
        [column("a_id", "INTEGER", nullable=False), column("b_id", "INTEGER", nullable=False)],
        constraints=[
            primary_key(["a_id", "b_id"]),
            foreign_key("a_id", "ones", "id"),
            foreign_key("b_id", "twos", "id"),
        ],
    )
    ones = refers("ones", "ones", nullable=True)
    reasons, counts = rows_of(any_engine, pair, refers("twos", "ones"), ones)
    assert reasons == {}
    assert counts == {"pairs": 2, "twos": 2, "ones": 2}


# as pytest runs it


CONFTEST = """\
import pytest

@pytest.fixture
def moltres_rows():
    return {"orders": [{"total_cents": 5}]}
"""
SUITE = """\
def test_rows_survive(moltres_history):
    moltres_history.walk(expected_losses=%r)

def test_state(moltres_history):
    assert "users" in moltres_history.state_at("heads").tables
"""


def pytest_of(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "alembic_moltres.pytest_plugin", *options],
        cwd=directory,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_the_example_is_walked_by_its_own_suite(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "test_history.py").write_text(SUITE % {}, "utf-8")
    ini = ROOT / "alembic.ini"
    done = pytest_of(tmp_path, "-o", f"moltres_config={ini}")
    assert "2 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_a_loss_is_one_line_of_a_failed_test(users: AlembicProject, any_url: str) -> None:
    write(
        users, "b2", "a1", f"{IN_USERS}drop_column({NICKNAME})", f"{IN_USERS}add_column({NICKNAME})"
    )
    directory = users.directory
    (directory / "test_history.py").write_text(SUITE % {}, "utf-8")
    (directory / "pytest.ini").write_text(f"[pytest]\npythonpath = .\nmoltres_url = {any_url}\n")
    done = pytest_of(directory)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "b2: upgrade loses users.nickname: the column is gone" in done.stdout
    (directory / "test_history.py").write_text(SUITE % {"b2": ["users.nickname"]}, "utf-8")
    assert "2 passed" in pytest_of(directory).stdout


@pytest.mark.slow
def test_a_database_of_another_kind_is_named(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = alembic_project(NO_MODELS, pg_url)
    write(project, "a1", None, USERS, DROP_USERS)
    (project.directory / "test_history.py").write_text(SUITE % {}, "utf-8")
    (project.directory / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    done = pytest_of(project.directory)
    assert "moltres_url is sqlite, and env.py migrates postgresql" in done.stdout


@pytest.mark.slow
def test_the_plugin_imports_nothing_but_pytest(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n\ndef test_nothing():\n"
        "    ours = [name for name in sys.modules if name.startswith('alembic')]\n"
        "    assert ours == ['alembic_moltres', 'alembic_moltres.pytest_plugin']\n"
        "    assert 'sqlalchemy' not in sys.modules\n",
        "utf-8",
    )
    assert "1 passed" in pytest_of(tmp_path).stdout


def test_the_entry_point_is_declared() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {
        "alembic_moltres": "alembic_moltres.pytest_plugin"
    }
    assert "pytest" in project["optional-dependencies"]
