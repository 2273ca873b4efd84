"""What a case is, and the words that cases are written with.

`before` and `after` are the bodies of a module of models; `metadata`, `sa`, `pg` and `mysql` are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
ALL = (SQLITE, POSTGRESQL, MARIADB)
SERVERS = (POSTGRESQL, MARIADB)


@dataclass(frozen=True)
class Case:
    """A change of models.

    `rows` are inserted into `t` before the change; `finds` says whether there is a difference at all.
    """

    name: str
    before: str
    after: str
    rows: tuple[dict[str, Any], ...] = ({"id": 1}, {"id": 2})
    on: tuple[str, ...] = ALL
    finds: bool = True
    absent: tuple[str, ...] = field(default=())
    """Databases on which the change is none (they do not know such a thing)."""
    upgraded: Mapping[str, Any] = field(default_factory=dict)
    """What the rows have after the upgrade instead of their values, by the columns' old names."""
    downgraded: Mapping[str, Any] = field(default_factory=dict)
    """What the rows have after the downgrade instead of their values."""
    meanwhile: tuple[dict[str, Any], ...] = ()
    """Rows that come when the database is upgraded, and are there at the downgrade."""
    says: str = ""
    """What the script says in a comment."""
    omits: str = ""
    """What the script does not contain."""
    prepare: tuple[str, ...] = ()
    """Statements that come before everything else."""
    query: Mapping[str, str] = field(default_factory=dict)
    """What the URL of the database says more."""
    configure: str = ""
    """More keyword arguments of `context.configure`."""
    stays: Mapping[str, str] = field(default_factory=dict)
    """Names that the database made of an old name and keeps, and those it would make today."""
    since: int = 0
    """The version of the server that has such a thing."""
    newest: bool = False
    """Whether it needs a newer SQLAlchemy than the lowest."""


def t(*items: str, options: str = "", before: str = "", behind: str = "", name: str = "t") -> str:
    """Return the source of a table `t` with an integer key and these items."""
    inside = "".join(
        f"    {item},\n" for item in ('sa.Column("id", sa.Integer, primary_key=True)', *items)
    )
    return f'{before}\nt = sa.Table(\n    "{name}",\n    metadata,\n{inside}{options})\n{behind}\n'


def column(type_: str, *more: str, name: str = "a") -> str:
    """Return the source of a column."""
    return f'sa.Column("{name}", {", ".join((type_, *more))})'


def changed(
    name: str,
    before: str,
    after: str,
    value: Any = None,
    *more: str,
    on: tuple[str, ...] = ALL,
    **stated: Any,
) -> Case:
    """Return a change of the column `a` from one source to another, with `value` in its rows."""
    rows = (
        ({"id": 1, "a": value}, {"id": 2, "a": value})
        if value is not None
        else ({"id": 1}, {"id": 2})
    )
    return Case(name, t(before, *more), t(after, *more), rows, on, **stated)


def enum(*labels: str, more: str = "", type_: str = "sa.Enum") -> str:
    """Return the source of an enum type."""
    return f"{type_}({', '.join(map(repr, labels))}, name='mood'{more})"


TWO = (column("sa.Integer"), column("sa.Integer", name="b"))
ROWS = ({"id": 1, "a": 1, "b": 2}, {"id": 2, "a": 3, "b": 4})
PARENT = "parent = sa.Table('parent', metadata, sa.Column('id', sa.Integer, primary_key=True))"


def inside(name: str, before: tuple[str, ...], after: tuple[str, ...], **stated: Any) -> Case:
    """Return a change of what stands beside the columns `a` and `b`."""
    return Case(
        name, t(*TWO, *before, before=PARENT), t(*TWO, *after, before=PARENT), ROWS, **stated
    )
