"""add reviews and the first tags

Written by hand: helper functions take the convenient spellings, and plain `op.*` calls stand beside
ours.

Revision ID: c27e51f09a6d
Revises: 8a94d2e7c5b3
Create Date: 2026-11-23 10:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from alembic_moltres import TableSchema, check, column, foreign_key, index, primary_key, unique, uuid

Review = TableSchema(
    "reviews",
    [
        column("id", "INTEGER", nullable=False),
        uuid("product_id", nullable=False),
        column("user_id", "INTEGER", nullable=False),
        column("rating", "SMALLINT", nullable=False),
        column("body", "TEXT"),
    ],
    constraints=[
        primary_key("id", name="pk_reviews"),
        check("rating BETWEEN 1 AND 5", name="ck_reviews_rating"),
        unique(["product_id", "user_id"], name="uq_reviews_product_id_user_id"),
        foreign_key(
            "product_id",
            "products",
            "id",
            name="fk_reviews_product_id_products",
            on_delete="CASCADE",
        ),
        foreign_key("user_id", "users", "id", name="fk_reviews_user_id_users"),
    ],
    indexes=[index("ix_reviews_user_id", "user_id")],
)
tags = sa.table("tags", sa.column("name", sa.String))
FIRST_TAGS = ["new", "sale"]

# revision identifiers, used by Alembic.
revision: str = 'c27e51f09a6d'
down_revision: Union[str, Sequence[str], None] = '8a94d2e7c5b3'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.moltres_create_table(Review)
    op.bulk_insert(tags, [{"name": name} for name in FIRST_TAGS])


def downgrade() -> None:
    """Downgrade schema."""
    op.execute(tags.delete().where(tags.c.name.in_(FIRST_TAGS)))
    op.moltres_drop_table(Review)
