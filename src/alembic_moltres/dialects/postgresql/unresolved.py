"""The words of a table with questions in them, where only the database knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .probes import Probe


@dataclass(frozen=True, slots=True, eq=False)
class UnresolvedColumn:
    """The words of a column, before the database was asked; itself a key, no other one equals it.

    `kind` is STORED or VIRTUAL where `generated` asks for the expression.
    """

    type: str | Probe
    nullable: bool
    default: Probe | None = None
    generated: str | Probe | None = None
    kind: str = ""
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class UnresolvedItem:
    """The words of a constraint or an index, before the database was asked.

    `comment` and `tablespace` are what the answer does not say.
    """

    name: str | None
    text: str | Probe
    comment: str | None = None
    tablespace: str | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class UnresolvedTable:
    """The words of a table, before the database was asked."""

    columns: Mapping[str, UnresolvedColumn]
    constraints: tuple[UnresolvedItem | None, ...]
    indexes: tuple[UnresolvedItem | None, ...]
    comment: str | None
    options: Mapping[str, str]
