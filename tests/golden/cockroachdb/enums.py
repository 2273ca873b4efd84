"""Written by hand: labels that are renamed, added at either end and in the middle, and dropped."""

from alembic import op

revision = "enums"
down_revision = "alter"

BEFORE = r"""ENUM('calm',"it's 5% \\",'busy',name='Mood')"""
AFTER = "ENUM('asleep','quiet','awake','busy','wild',name='Mood')"


def upgrade() -> None:
    op.moltres_alter_enum(BEFORE, AFTER, {"calm": "quiet"})
    op.moltres_alter_enum(
        "ENUM('a',name='m',schema='Other')", "ENUM('a','b',name='m',schema='Other')"
    )


def downgrade() -> None:
    op.moltres_alter_enum(AFTER, BEFORE, {"quiet": "calm"})
