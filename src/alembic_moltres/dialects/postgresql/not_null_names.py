"""The names of NOT NULL constraints, which PostgreSQL 18 introduced and no model can state.

The server generates them from the names of table and column, and keeps them when those are renamed.
They are renamed here, to the names that `create_all()` of the new models would give. Since an older
server has none, a DO block looks them up.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.engine import Dialect

from ..base.ddl import DDLWriter
from ..base.statement import RawDDL, Statement
from .constraint_names import default_name
from .do_block import do_block, literal

SINCE = (18,)
LABEL = "not_null"


def of_renamed_table(
    dialect: Dialect, current: str, desired: str, schema: str | None
) -> Iterator[Statement]:
    """Yield the statement that renames them after their table has been renamed."""
    ddl = DDLWriter(dialect, desired, schema)
    names = (f"{literal(f'{name}_')} || a.attname || '_{LABEL}'" for name in (current, desired))
    yield from _block(ddl, *names)


def of_renamed_column(ddl: DDLWriter, current: str, desired: str) -> Iterator[Statement]:
    """Yield the statement that renames one after its column has been renamed."""
    names = (literal(default_name(ddl.name, name, LABEL)) for name in (current, desired))
    yield from _block(ddl, *names)


def _block(ddl: DDLWriter, current: str, desired: str) -> Iterator[Statement]:
    if (getattr(ddl.dialect, "server_version_info", None) or (0,)) < SINCE:
        return
    text = f"""\
DECLARE
    old text; new text;
BEGIN
    FOR old, new IN
        SELECT c.conname, {desired}
        FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_attribute AS a
            ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.conrelid = {literal(ddl.table)}::regclass AND c.contype = 'n'
            AND c.coninhcount = 0 AND c.conname = {current}
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', {literal(ddl.table)}, old, new);
    END LOOP;
END"""
    subject = f"the names of the NOT NULL constraints of {ddl.of_table}"
    yield Statement(RawDDL(do_block(text)), subject)
