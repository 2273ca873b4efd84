"""alembic-postgresql-enum beside us: one of the two compares enums, and the user is told to choose."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import ProjectFactory

pytestmark = [
    pytest.mark.newest,
    pytest.mark.slow,
    # not imported to know: that would put its comparison into every later test of this process
    pytest.mark.skipif(
        find_spec("alembic_postgresql_enum") is None, reason="pip install alembic-postgresql-enum"
    ),
]

IMPORT = "import alembic_postgresql_enum\n"
WITHOUT_IT = 'moltres={"alembic_postgresql_enum": False},'
BEFORE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "people",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mood", sa.Enum("sad", "happy", name="mood"), server_default="sad"),
)
"""
AFTER = BEFORE.replace('"happy", name', '"happy", "calm", name')


def test_both_at_once_are_refused_and_the_message_says_which_to_switch_off(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(BEFORE, pg_url, env=IMPORT, in_subprocess=True)
    with pytest.raises(CommandError) as caught:
        project.revision("people")
    (line,) = [line for line in str(caught.value).splitlines() if "FAILED" in line]
    assert "remove 'import alembic_postgresql_enum' from env.py" in line
    assert WITHOUT_IT.rstrip(",") in line
    assert '"alembic_moltres" out of autogenerate_plugins' in line
    assert project.scripts() == []
    with pytest.raises(CommandError, match="alembic-postgresql-enum is imported"):
        project.check()


def test_upgrades_are_not_refused(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = alembic_project(BEFORE, pg_url, in_subprocess=True)
    project.revision("people")
    project.env.write_text(IMPORT + project.env.read_text())
    project.upgrade()
    project.downgrade()


def test_old_scripts_with_its_operations_run_while_ours_compares(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(BEFORE, pg_url, configure=WITHOUT_IT, in_subprocess=True)
    project.revision("people", rev_id="a1")
    project.write_script(
        "b2",
        "from alembic import op\nfrom alembic_postgresql_enum import TableReference\n"
        "revision, down_revision = 'b2', 'a1'\n\n"
        "def upgrade():\n    sync(['sad', 'happy', 'odd'])\n\n"
        "def downgrade():\n    sync(['sad', 'happy'])\n\n"
        "def sync(labels):\n"
        "    mood = TableReference('people', 'mood', existing_server_default=\"'sad'::mood\")\n"
        "    op.sync_enum_values('public', 'mood', labels, [mood])\n",
    )
    project.upgrade()
    project.write_models(AFTER)
    script = project.revision("calm instead of odd").read_text()
    assert "op.moltres_alter_enum" in script
    assert "sync_enum_values" not in script
    project.upgrade()
    project.check()
    (enum,) = sa.inspect(pg_engine).get_enums()  # type: ignore[attr-defined]
    assert enum["labels"] == ["sad", "happy", "calm"]
    project.downgrade()


def test_it_may_stay_where_it_does_nothing(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(BEFORE, sqlite_url, env=IMPORT, in_subprocess=True)
    project.revision("people")
    project.upgrade()
    project.check()
