"""Alembic's environment of the reading list."""

import os

import models  # noqa: F401 - its tables are in SQLModel.metadata
import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

from alembic_moltres import run_migrations

url = os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url")
# what both ways of running migrations configure
options = {
    "target_metadata": SQLModel.metadata,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic_moltres"],
}

if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, **options)
    run_migrations()
else:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        context.configure(connection=connection, **options)
        run_migrations()
