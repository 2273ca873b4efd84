"""Alembic's environment of the notebook: engine and options are the application's."""

from alembic import context
from flask import current_app

from alembic_moltres import run_migrations

migrate = current_app.extensions["migrate"]
options = {"target_metadata": migrate.db.metadata, **migrate.configure_args}

if context.is_offline_mode():
    context.configure(url=migrate.db.engine.url, literal_binds=True, **options)
    run_migrations()
else:
    with migrate.db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        run_migrations()
