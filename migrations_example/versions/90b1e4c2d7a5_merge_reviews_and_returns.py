"""merge reviews and returns

Revision ID: 90b1e4c2d7a5
Revises: d5b08f3c6e12, 6e93a7d1b4f8
Create Date: 2026-11-24 10:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '90b1e4c2d7a5'
down_revision: Union[str, Sequence[str], None] = ('d5b08f3c6e12', '6e93a7d1b4f8')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
