"""What a person does to a database by hand."""

from __future__ import annotations

import sqlalchemy as sa


def execute(url: str, *statements: str) -> None:
    """Execute statements in one transaction."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for each in statements:
            connection.exec_driver_sql(each)
