"""mark the reviews of those who have bought the product

Written by hand: a data migration. It asks for the tables as they are at its line, so it needs no
model and works with `--sql`, too.

Revision ID: f4a6d2b9c813
Revises: 90b1e4c2d7a5
Create Date: 2026-11-24 11:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from alembic_moltres import column

# revision identifiers, used by Alembic.
revision: str = 'f4a6d2b9c813'
down_revision: Union[str, Sequence[str], None] = '90b1e4c2d7a5'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    with op.moltres_alter_table("reviews") as reviews:
        reviews.add_column(column("is_verified", "BOOLEAN", nullable=False, default=False))

    tables = op.moltres_tables()
    review, order, item = tables["reviews"], tables["orders"], tables["order_items"]
    bought = (
        sa.select(item.c.product_id)
        .join(order, order.c.id == item.c.order_id)
        .where(order.c.user_id == review.c.user_id, item.c.product_id == review.c.product_id)
    )
    op.execute(review.update().where(bought.exists()).values(is_verified=True))


def downgrade() -> None:
    """Downgrade schema."""
    with op.moltres_alter_table("reviews") as reviews:
        reviews.drop_column(column("is_verified", "BOOLEAN", nullable=False, default=False))
