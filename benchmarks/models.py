"""The tables that comparisons are timed with: 15 columns, an index and three constraints each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

COLUMNS: tuple[
    tuple[type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any], dict[str, Any]], ...
] = (
    (sa.Integer, {"nullable": False}),
    (sa.String(50), {"server_default": "new"}),
    (sa.String(200), {}),
    (sa.Text, {}),
    (sa.Boolean, {"server_default": sa.true()}),
    (sa.DateTime, {"server_default": sa.func.now()}),
    (sa.Numeric(10, 2), {"server_default": sa.text("0")}),
    (sa.BigInteger, {}),
    (sa.Date, {}),
    (sa.Float, {}),
    (sa.SmallInteger, {"nullable": False, "server_default": sa.text("1")}),
    (sa.LargeBinary, {}),
    (sa.String(3), {}),
)


def models(tables: int) -> sa.MetaData:
    """Return tables of 15 columns, each referring to the one before it."""
    metadata = sa.MetaData()
    for number in range(tables):
        name = f"table_{number:05}"
        referred = f"table_{max(number - 1, 0):05}.id"
        columns = [
            sa.Column(f"c{at}", type_, **stated) for at, (type_, stated) in enumerate(COLUMNS)
        ]
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey(referred, name=f"fk_{name}")),
            *columns,
            sa.UniqueConstraint("c1", "c2", name=f"uq_{name}"),
            sa.CheckConstraint("c0 >= 0", name=f"ck_{name}"),
            sa.Index(f"ix_{name}", "c7"),
        )
    return metadata


def create(place: sa.URL, tables: int) -> None:
    """Create them in a database."""
    engine = sa.create_engine(place)
    metadata = models(tables)
    for number in range(0, tables, 200):  # in transactions that fit into the lock table
        metadata.create_all(engine, tables=list(metadata.tables.values())[number : number + 200])
    engine.dispose()
