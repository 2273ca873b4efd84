"""The options of a sequence or an identity that change, as ALTER SEQUENCE takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...convert import lineage
from .ddl import DDLWriter
from .statements import RawDDL, Statement

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ...diff import AlterSequence
    from ...schema import Identity, Sequence

DEFAULTS = {
    "increment": "INCREMENT BY 1",
    "start": "START WITH 1",
    "minvalue": "NO MINVALUE",
    "maxvalue": "NO MAXVALUE",
    "cache": "CACHE 1",
    "cycle": "NO CYCLE",
}
"""The default of each option (PostgreSQL's manual, CREATE SEQUENCE)."""

STATED = {
    "increment": "INCREMENT BY {}",
    "start": "START WITH {}",
    "minvalue": "MINVALUE {}",
    "maxvalue": "MAXVALUE {}",
    "cache": "CACHE {}",
}

OTHER_SPELLINGS = {
    "oracle": {"NO MINVALUE": "NOMINVALUE", "NO MAXVALUE": "NOMAXVALUE", "NO CYCLE": "NOCYCLE"},
    "mysql": {"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
    "mariadb": {"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
    "mssql": {"CACHE 1": "CACHE"},
}
"""How other dialects than PostgreSQL spell an option."""


def changed_options(current: Identity | Sequence, desired: Identity | Sequence) -> list[str]:
    """Return the options that differ, those of `desired`.

    >>> from alembic_moltres.schema import identity
    >>> changed_options(identity(start=5), identity(increment=10))
    ['INCREMENT BY 10', 'START WITH 1']
    """
    changed = []
    for name, default in DEFAULTS.items():
        before, after = getattr(current, name), getattr(desired, name)
        if before == after:
            continue
        if name == "cycle":
            changed.append("CYCLE" if after else "NO CYCLE")
        else:
            changed.append(default if after is None else STATED[name].format(after))
    return changed


def alter_sequence(dialect: Dialect, change: AlterSequence) -> Iterator[Statement]:
    """Yield what changes a sequence; nothing where the dialect has none."""
    current, desired = change.current, change.desired
    if not dialect.supports_sequences:
        return
    ddl = DDLWriter(dialect, desired.name, desired.schema)
    options = changed_options(current, desired)
    if current.data_type != desired.data_type and "postgresql" in lineage(dialect):
        options.insert(0, f"AS {ddl.type(desired.data_type or 'BIGINT')}")
    known = [OTHER_SPELLINGS[name] for name in lineage(dialect) if name in OTHER_SPELLINGS]
    other = known[0] if known else {}
    if options:
        clause = " ".join(other.get(option, option) for option in options)
        text = f"ALTER SEQUENCE {ddl.table} {clause}"
        yield Statement(RawDDL(text), f"the change of the sequence {desired.name!r}")
