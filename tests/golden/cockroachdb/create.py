"""Written by hand: a table with an enum type, and one that refers to it."""

from alembic import op

from alembic_moltres import TableSchema, check, column, computed, foreign_key, index, primary_key, unique

Places = TableSchema(
    "places",
    [
        column("id", "BIGINT", nullable=False),
        column("mood", r"""ENUM('calm',"it's 5% \\",'busy',name='Mood')""", nullable=False),
        column("name", "VARCHAR(20)", comment="what it is called"),
        column("twice", "BIGINT", computed=computed("id * 2", persisted=True)),
    ],
    constraints=[primary_key("id"), unique("name", name="places_name"), check("id > 0", name="positive")],
    indexes=[index("ix_places_mood", "mood")],
    comment="where things are",
)
Visits = TableSchema(
    "visits",
    [column("id", "INTEGER", nullable=False), column("place_id", "BIGINT")],
    constraints=[primary_key("id"), foreign_key("place_id", "places", "id", name="fk_place")],
)

revision = "create"
down_revision = None


def upgrade() -> None:
    op.moltres_create_table(Places)
    op.moltres_create_table(Visits)


def downgrade() -> None:
    op.moltres_drop_table(Visits)
    op.moltres_drop_table(Places)
