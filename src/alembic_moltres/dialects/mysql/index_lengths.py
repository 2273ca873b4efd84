"""The prefix lengths of indexes that the server chooses.

MariaDB shortens a part of an index that is too long for the engine, and the part of a TEXT or BLOB
without a length (MySQL rejects both). The server is probed for the length. If a model states none,
other lengths match, too: the index of a changed column keeps its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...schema import Index
from ...sqltext import Syntax
from ..base.probes import Kind, Probe, ProbeResults
from ..base.signatures import ItemSignature, UnconfirmedText
from .expected_rows import index_row, is_whole
from .probes import Normalised
from .rows import IndexRow, LengthsRow, PartRow
from .signatures import constraint_signature

SHORTEST = 767
"""The maximal length of an index, in bytes, that every engine and row format supports."""

WIDEST = 4
"""The maximal length of a character in any character set, in bytes."""

_LONG = re.compile(r"TEXT|BLOB|JSON|LONG", re.IGNORECASE)
_SIZED = re.compile(r"(?:CHAR|CHARACTER|VARYING|BINARY|BYTE)\s*\((\d+)\)", re.IGNORECASE)
_LENGTH = re.compile(r"\(\d+\)")


def lengths_probe(row: IndexRow, types: Mapping[str, str], options: str) -> Probe | None:
    """Return the probe for the lengths of an index; `None` if no part can be too long.

    Indexes on columns of the same types share a probe: its columns are named after their types.

    Args:
        row: of the index.
        types: the columns' types as DDL.
        options: the table's options, on which the width of a character and the limit depend.

    >>> row = IndexRow("ix", False, "BTREE", (PartRow("path", length=900),))
    >>> lengths_probe(row, {"path": "VARCHAR(1000)"}, "").text
    'c0_VARCHAR_1000_(900)'
    """
    type_names = [types.get(str(part.column), "") for part in row.parts]
    if (
        row.unique
        or row.kind != "BTREE"
        or not all(type_names)
        or not any(map(_may_be_long, type_names))
    ):
        return None
    names = [
        f"c{at}_{re.sub(r'[^a-zA-Z0-9]+', '_', type_)[:40]}" for at, type_ in enumerate(type_names)
    ]
    parts = (
        name if part.length is None else f"{name}({part.length})"
        for name, part in zip(names, row.parts, strict=True)
    )
    columns = tuple(zip(names, type_names, strict=True))
    return Probe(Kind.INDEX, ", ".join(parts), columns=columns, options=options)


def _may_be_long(type_: str) -> bool:
    sized = _SIZED.search(type_)
    return bool(sized and int(sized[1]) * WIDEST > SHORTEST) or bool(_LONG.search(type_))


@dataclass(frozen=True, slots=True)
class IndexLengths:
    """The prefix lengths that the server would use for the indexes of one table of the models.

    Attributes:
        types: the columns' types on the server.
        results: of the probes.
        probes: of the table's indexes, by name.
        dialect: the dialect's name, then those that it extends.
        syntax: of the values' text.
    """

    types: Mapping[str, str]
    results: ProbeResults[Normalised]
    probes: Mapping[str, Probe]
    dialect: tuple[str, ...]
    syntax: Syntax

    def signature(self, row: IndexRow) -> ItemSignature:
        """Return the signature of an index of the models."""
        signature = constraint_signature(self._kept(row))
        if str(row.name) in self.probes and self._given(row) is None:
            text = UnconfirmedText(str(signature.text), _same_but_lengths)
            return replace(signature, text=text)
        return signature

    def _given(self, row: IndexRow) -> tuple[int | None, ...] | None:
        probe = self.probes.get(str(row.name))
        answer = None if probe is None else self.results.given.get(probe)
        return answer.lengths if isinstance(answer, LengthsRow) else None

    def _kept(self, row: IndexRow) -> IndexRow:
        """Return the row with the lengths that the server stores, none for whole columns."""
        lengths = self._given(row) or tuple(part.length for part in row.parts)
        parts = (
            replace(part, length=None if self._is_whole(part, length) else length)
            for part, length in zip(row.parts, lengths, strict=True)
        )
        return replace(row, parts=tuple(parts))

    def _is_whole(self, part: PartRow, length: int | None) -> bool:
        return length is not None and is_whole(length, self.types.get(str(part.column), ""))

    def accepts(self, desired: Index, current: Index) -> bool:
        """Tell whether an index differs at most in lengths that the server chose.

        The length of the whole desired column counts as none: the server drops it with the old
            type.
        """
        wanted = index_row(desired, self.dialect, self.syntax)
        row = index_row(current, self.dialect, self.syntax)
        if wanted is None or row is None or self._without_lengths(wanted, row):
            return False
        kept = self._kept(wanted)
        return all(
            part.length == actual.length
            or _may_be_chosen(part.length, stated.length, actual.length)
            or self._is_whole(part, actual.length)
            for stated, part, actual in zip(wanted.parts, kept.parts, row.parts, strict=True)
        )

    def _without_lengths(self, *rows: IndexRow) -> bool:
        """Tell whether these differ apart from their lengths."""
        texts = [
            replace(
                row, name="", comment="", parts=tuple(replace(p, length=None) for p in row.parts)
            )
            for row in rows
        ]
        return len({constraint_signature(each).text for each in texts}) > 1


def _may_be_chosen(kept: int | None, stated: int | None, actual: int | None) -> bool:
    """Tell whether the server chooses a length, and may have chosen this one for another type."""
    return kept not in {None, stated} and (actual is None or actual >= SHORTEST // WIDEST)


def _same_but_lengths(desired: str, current: str) -> bool:
    return _LENGTH.sub("", desired) == _LENGTH.sub("", current)
