"""Scripts written by hand, for tests of replay."""

from __future__ import annotations

import textwrap

from tests.alembic_project import AlembicProject

MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
HEAD = """\
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql
from alembic_moltres import TableSchema, check, column, foreign_key, index, primary_key, sql, unique

revision = {revision!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends!r}

"""


def write(
    project: AlembicProject,
    revision: str,
    body: str,
    *,
    down: object = None,
    depends: object = None,
    labels: object = None,
    downgrade: str = "pass",
    before: str = "",
    arguments: str = "",
) -> str:
    """Write a script whose `upgrade()` is `body`, and return its file's name.

    `before` stands before the functions.
    """
    head = HEAD.format(revision=revision, down=down, depends=depends, labels=labels)
    source = (
        f"{head}{textwrap.dedent(before)}\n\n"
        f"def upgrade({arguments}):\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n\n\n"
        f"def downgrade({arguments}):\n"
        f"{textwrap.indent(textwrap.dedent(downgrade).strip(), '    ')}\n"
    )
    return project.write_script(revision, source).name
