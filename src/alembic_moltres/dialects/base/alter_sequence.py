"""ALTER SEQUENCE: the changed options of a sequence or an identity."""

from __future__ import annotations

from collections.abc import Iterator

from ...diff import AlterSequence
from ...schema import Identity, Sequence
from .ddl import DDLWriter
from .impl import DialectImpl
from .statement import RawDDL, Statement

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


def alter_sequence(impl: DialectImpl, change: AlterSequence) -> Iterator[Statement]:
    """Yield the statements that change a sequence; none if the dialect has no sequences."""
    current, desired = change.current, change.desired
    if not impl.dialect.supports_sequences:
        return
    ddl = DDLWriter(impl.dialect, desired.name, desired.schema)
    options = changed_options(current, desired)
    if current.data_type != desired.data_type and impl.features.alter_sequence_type:
        options.insert(0, f"AS {ddl.type(desired.data_type or 'BIGINT')}")
    spellings = impl.features.sequence_spellings
    if options:
        clause = " ".join(spellings.get(option, option) for option in options)
        text = f"ALTER SEQUENCE {ddl.table} {clause}"
        yield Statement(RawDDL(text), f"the change of the sequence {desired.name!r}")
