"""Alembic's environment of the shop: the stock one, and the database chosen at run time.

The database is that of `alembic -x url=...`, else of the variable DATABASE_URL, else of
alembic.ini.
"""

import os
from logging.config import fileConfig

import sqlalchemy as sa
from alembic import context

from shop.models import Base

config = context.config

if config.config_file_name is not None and config.attributes.get("configure_logger", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata = Base.metadata
autogenerate_plugins = ["alembic.autogenerate.*", "alembic_moltres"]


def database_url() -> str:
    """Return the URL of the database to migrate."""
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("DATABASE_URL")
    return url or config.get_main_option("sqlalchemy.url", "")


def run_migrations_offline() -> None:
    """Write the statements instead of running them (`alembic upgrade head --sql`)."""
    context.configure(
        url=database_url(),
        target_metadata=target_metadata,
        autogenerate_plugins=autogenerate_plugins,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the migrations on the database; pytest-alembic gives an engine of its own."""
    connectable = config.attributes.get("connection") or sa.create_engine(
        database_url(), poolclass=sa.NullPool
    )

    with connectable.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            autogenerate_plugins=autogenerate_plugins,
        )

        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
