"""Freeze and thaw every table of the models in the current folder, and compare their DDL.

Writes one JSON object to the file that is named: the number of tables; for each dialect how many of
them it can write, and for how many of these the statements are the same; and what differs.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import ExecutableDDLElement

import alembic_moltres.schema
from alembic_moltres.convert import model_to_schema, schema_to_table

URLS = (
    "sqlite://",
    "postgresql+psycopg://",
    "mysql+pymysql://",
    "mariadb+pymysql://",
    "mssql+pyodbc://",
    "oracle+oracledb://",
)
DIALECTS: tuple[Dialect, ...] = tuple(sa.make_url(url).get_dialect()() for url in URLS)
ENUM = re.compile(r"CREATE TYPE (\S+) AS ENUM")


def statements(table: sa.Table, dialect: Dialect) -> list[str]:
    """Return what `create_all()` would execute for one table, types, sequences and indexes too.

    The indexes come in an order of their own, so the statements are sorted.
    """
    written: list[str] = []

    def execute(statement: Any, *_: Any, **__: Any) -> None:
        written.append(str(statement.compile(dialect=dialect)))

    mock = MockConnection(dialect, execute)
    table.metadata.create_all(mock, tables=[table], checkfirst=False)
    # every enum type that the metadata has was made
    own = {column.type.compile(dialect).rstrip("[]") for column in table.columns}
    return sorted(text for text in written if not (e := ENUM.match(text)) or e[1] in own)


def attempt(table: sa.Table, dialect: Dialect) -> list[str] | str:
    """Return the statements, or the error that the dialect has for them."""
    try:
        return statements(table, dialect)
    except Exception as err:  # noqa: BLE001 - whatever a dialect says is what we report
        return f"{type(err).__name__}: {err}"


def compare(table: sa.Table) -> dict[str, str | None]:
    """Return for each dialect that can write the table what differs afterwards, or `None`."""
    found = {}
    for dialect in DIALECTS:
        # first, because a listener of the application may change its table when that is created
        after = _after(table, dialect)
        wanted = attempt(table, dialect)
        if not isinstance(wanted, str):
            found[dialect.name] = _difference(wanted, after)
    return found


def _after(table: sa.Table, dialect: Dialect) -> list[str] | str:
    """Return the statements after freezing as autogenerate does, and thawing."""
    try:
        schema = model_to_schema(table, dialects=[dialect])
        if eval(repr(schema), dict(vars(alembic_moltres.schema))) != schema:  # noqa: S307 - our own text
            return f"the text is not the value: {schema!r}"
        thawed = schema_to_table(schema, sa.MetaData())
    except Exception as err:  # noqa: BLE001 - one table must not hide the others
        return f"{type(err).__name__}: {err}"
    return attempt(thawed, dialect)


def _difference(before: list[str], after: list[str] | str) -> str | None:
    if before == after:
        return None
    if isinstance(after, str):
        return after
    lost = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    return f"- {' '.join(lost)}\n+ {' '.join(new)}"


def _forget_listeners(metadata: sa.MetaData) -> None:
    """Remove DDL that belongs to no table, such as views: the round trip is one of tables."""
    for name in ("before_create", "after_create"):
        for listener in list(getattr(metadata.dispatch, name)):
            if isinstance(listener, ExecutableDDLElement):
                sa.event.remove(metadata, name, listener)


def main(path: str) -> None:
    """Write the comparison to `path`."""
    sys.path.insert(0, ".")
    from corpus_models import target_metadata  # type: ignore[import-not-found]

    _forget_listeners(target_metadata)
    found = {table.fullname: compare(table) for table in target_metadata.sorted_tables}
    outcomes = {
        name: [each[name] for each in found.values() if name in each]
        for name in [d.name for d in DIALECTS]
    }
    report = {
        "tables": len(found),
        "possible": {name: len(each) for name, each in outcomes.items()},
        "identical": {name: each.count(None) for name, each in outcomes.items()},
        "differing": {
            table: {name: said for name, said in each.items() if said}
            for table, each in found.items()
            if any(each.values())
        },
    }
    Path(path).write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
