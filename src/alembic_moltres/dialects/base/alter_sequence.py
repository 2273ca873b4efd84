"""The options of a sequence or an identity that change, in words that every such database has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...convert import lineage
from .create_table import Statement
from .ddl import DDLWriter, RawDDL

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
"""What an option is where nothing is said, by PostgreSQL's manual, CREATE SEQUENCE."""

STATED = {
    "increment": "INCREMENT BY {}",
    "start": "START WITH {}",
    "minvalue": "MINVALUE {}",
    "maxvalue": "MAXVALUE {}",
    "cache": "CACHE {}",
}

OTHER_WORDS = {
    "oracle": {"NO MINVALUE": "NOMINVALUE", "NO MAXVALUE": "NOMAXVALUE", "NO CYCLE": "NOCYCLE"},
    "mysql": {"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
    "mariadb": {"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
    "mssql": {"CACHE 1": "CACHE"},
}
"""The words of dialects that are not PostgreSQL's."""


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
        options.insert(0, f"AS {_type(ddl, desired)}")
    other = next((OTHER_WORDS[name] for name in lineage(dialect) if name in OTHER_WORDS), {})
    if options:
        said = " ".join(other.get(option, option) for option in options)
        text = f"ALTER SEQUENCE {ddl.table} {said}"
        yield Statement(RawDDL(text), f"the change of the sequence {desired.name!r}")


def _type(ddl: DDLWriter, sequence: Sequence) -> str:
    if sequence.data_type is None:
        return "BIGINT"
    from ...types import moltres_type_to_sqlalchemy_type

    type_: Any = moltres_type_to_sqlalchemy_type(sequence.data_type)
    return str(ddl.dialect.type_compiler_instance.process(type_))
