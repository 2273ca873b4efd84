"""The words of a table with questions in them, where only the database knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .probes import Question


@dataclass(frozen=True, slots=True, eq=False)
class ColumnDraft:
    """The words of a column, before the database was asked; itself a key, no other one equals it.

    `kind` is STORED or VIRTUAL where `generated` asks for the expression.
    """

    type: str | Question
    nullable: bool
    default: Question | None = None
    generated: str | Question | None = None
    kind: str = ""
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """The words of a constraint or an index, before the database was asked.

    `comment` and `tablespace` are what the answer does not say.
    """

    name: str | None
    text: str | Question
    comment: str | None = None
    tablespace: str | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class TableDraft:
    """The words of a table, before the database was asked."""

    columns: Mapping[str, ColumnDraft]
    constraints: tuple[ItemDraft | None, ...]
    indexes: tuple[ItemDraft | None, ...]
    comment: str | None
    options: Mapping[str, str]
