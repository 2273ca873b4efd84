"""Alembic's documented rewriters beside our blocks."""

from __future__ import annotations

from tests.alembic_project import ProjectFactory

MODELS = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
sa.Table("users", target_metadata, sa.Column("id", sa.Integer, primary_key=True){columns})
"""

# Alembic's documentation, "Fine-Grained Autogenerate Generation with Rewriters"
ENV = """
from alembic.autogenerate import rewriter
from alembic.operations import ops
writer = rewriter.Rewriter()

@writer.rewrites(ops.AddColumnOp)
def add_column(context, revision, op):
    if op.column.nullable:
        return op
    op.column.nullable = True
    return [op, ops.AlterColumnOp(op.table_name, op.column.name, modify_nullable=False, existing_type=op.column.type)]
"""
CONFIGURE = "process_revision_directives=writer, render_as_batch=True,"
COLUMN = ', sa.Column("age", sa.Integer, nullable=False), sa.Column("team", sa.Integer)'


def test_a_plain_operation_among_ours_is_in_a_batch_where_alembic_writes_batches(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS.format(columns=""), sqlite_url, env=ENV, configure=CONFIGURE)
    project.revision("first")
    project.upgrade()
    project.write_models(MODELS.format(columns=COLUMN))
    script = project.revision("second").read_text(encoding="utf-8")
    assert (
        '    with op.batch_alter_table("users", schema=None) as batch_op:\n'
        '        batch_op.alter_column("age",'
    ) in script.replace("'", '"')
    assert "op.alter_column(" not in script.replace("batch_op.alter_column(", "")
    project.upgrade()
    project.check()
    project.downgrade("-1")
    project.upgrade()
    project.check()
