"""What is created from values, and what is then to be done to make the database as they say."""

from __future__ import annotations

import sqlalchemy as sa

from alembic_moltres import TableSchema, schema_to_table
from alembic_moltres.dialects.base.align import align
from alembic_moltres.dialects.base.reflection import reflect_database, reflect_expected
from alembic_moltres.dialects.base.unstated import without_inherited
from alembic_moltres.diff import Change, diff


def create(connection: sa.Connection, *tables: TableSchema) -> None:
    metadata = sa.MetaData()
    for table in tables:
        schema_to_table(table, metadata)
    metadata.create_all(connection)
    connection.commit()


def differences(connection: sa.Connection, *desired: TableSchema) -> tuple[Change, ...]:
    """Return what is to be done to the tables of the database that `desired` names."""
    wanted = {(table.schema, str(table.name)) for table in desired}
    current = reflect_database(connection, wanted)
    described = reflect_expected(connection, desired)
    tables = {(each.table.schema, str(each.table.name)): each.table for each in described}
    aligned = [
        align(without_inherited(current[key], each.table, tables), each)
        for key, each in zip(tables, described, strict=True)
    ]
    return diff(aligned, [each.table for each in described])
