"""take orders back

Written by hand: an enum grows. PostgreSQL has a type for it, to which a label is added; the other
databases have the labels in the column.

Revision ID: 6e93a7d1b4f8
Revises: c27e51f09a6d
Create Date: 2026-11-24 09:00:00

"""
from typing import Sequence, Union

from alembic import op
from alembic_moltres import column

BEFORE = "ENUM('open','paid','shipped','cancelled',name='order_status')"
AFTER = "ENUM('open','paid','shipped','cancelled','returned',name='order_status')"

# revision identifiers, used by Alembic.
revision: str = '6e93a7d1b4f8'
down_revision: Union[str, Sequence[str], None] = 'c27e51f09a6d'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    if op.get_context().dialect.name == "postgresql":
        op.moltres_alter_enum(BEFORE, AFTER)
    else:
        with op.moltres_alter_table("orders") as orders:
            orders.alter_column(
                column("status", BEFORE, nullable=False, default="open"),
                column("status", AFTER, nullable=False, default="open"),
            )


def downgrade() -> None:
    """Downgrade schema."""
    if op.get_context().dialect.name == "postgresql":
        op.moltres_alter_enum(AFTER, BEFORE)
    else:
        with op.moltres_alter_table("orders") as orders:
            orders.alter_column(
                column("status", AFTER, nullable=False, default="open"),
                column("status", BEFORE, nullable=False, default="open"),
            )
