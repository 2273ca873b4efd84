"""Written by hand: tables that go, with the enum type of one."""

from alembic import op

from alembic_moltres import TableSchema, column, primary_key

Places = TableSchema(
    "places",
    [column("id", "BIGINT", nullable=False), column("mood", "ENUM('quiet','busy',name='Mood')")],
    constraints=[primary_key("id")],
)
Calls = TableSchema("calls", [column("id", "INTEGER", nullable=False)], constraints=[primary_key("id")])

revision = "drop"
down_revision = "enums"


def upgrade() -> None:
    op.moltres_drop_table(Calls)
    op.moltres_drop_table(Places)


def downgrade() -> None:
    raise NotImplementedError
