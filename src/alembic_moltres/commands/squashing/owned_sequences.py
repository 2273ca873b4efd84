"""Statements that give columns the sequences they own, if the server would name them differently.

A sequence keeps its name when its table or its column is renamed, and is kept when its column's
default is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ... import diff as changes
from ...history.catalogue.autoincrement import ColumnKey
from ...history.catalogue.database import Catalogue
from ...history.moltres_operations import carry_out
from ...schema import Sequence
from ..ejecting.plain.statements import Lines, execute, under_dialect
from ..ejecting.plain.writer import Writer


def owned_lines(
    writer: Writer, before: Catalogue, done: Iterable[changes.Change], after: Catalogue
) -> Lines:
    """Return the lines that give columns the sequences that they own in the end.

    Args:
        writer: of the script.
        before: the tables before the changes.
        done: the changes.
        after: the required tables.
    """
    made = before.copy()
    for change in done:
        carry_out(change, made, None)
    for name in after.sequences.keys() - made.sequences.keys():
        made.sequences[name] = after.sequences[name]
    lines = [line for sql in _Owned(writer, made).texts(after) for line in execute(writer, sql)]
    return under_dialect(writer, lines) if lines else []


class _Owned:
    """Writes the statements; see `owned_lines`."""

    def __init__(self, writer: Writer, made: Catalogue) -> None:
        self._preparer = writer.dialect.identifier_preparer
        self._made = made

    def texts(self, after: Catalogue) -> Iterator[str]:
        wanted = {at: each for at, each in after.owned.items() if at[0] in self._made.tables}
        yield from self._renamed(wanted)
        for at, sequence in wanted.items():
            name, owner = self._name(sequence), self._column(at)
            made = self._made.owned.get(at)
            if made is None and self._is_there(sequence):
                yield f"ALTER SEQUENCE {name} OWNED BY {owner}"
            elif made is None:
                yield f"CREATE SEQUENCE {name}{_type(sequence)} OWNED BY {owner}"
            elif made.data_type != sequence.data_type:
                yield f"ALTER SEQUENCE {name}{_type(sequence) or ' AS BIGINT'}"

    def _is_there(self, sequence: Sequence) -> bool:
        key = (sequence.schema, str(sequence.name))
        return key in self._made.sequences or key in self._made.used_sequences

    def _renamed(self, wanted: Mapping[ColumnKey, Sequence]) -> Iterator[str]:
        """Rename sequences, beginning with those whose new name is free."""
        made = self._made.owned
        waiting = {
            at: (made[at], each)
            for at, each in wanted.items()
            if at in made and made[at].name != each.name
        }
        while waiting:
            taken = {(each.schema, each.name) for each, _ in waiting.values()}
            free = [at for at, (_, new) in waiting.items() if (new.schema, new.name) not in taken]
            if free:
                yield self._rename(*waiting.pop(free[0]))
                continue
            at, (old, new) = next(iter(waiting.items()))
            aside = Sequence(f"{old.name}_", old.schema)  # they swap their names
            waiting[at] = (aside, new)
            yield self._rename(old, aside)

    def _rename(self, old: Sequence, new: Sequence) -> str:
        return f"ALTER SEQUENCE {self._name(old)} RENAME TO {self._quoted(str(new.name))}"

    def _quoted(self, *names: str | None) -> str:
        return ".".join(self._preparer.quote(each) for each in names if each)

    def _name(self, sequence: Sequence) -> str:
        return self._quoted(sequence.schema, str(sequence.name))

    def _column(self, at: ColumnKey) -> str:
        (schema, table), column = at
        return self._quoted(schema, table, column)


def _type(sequence: Sequence) -> str:
    return f" AS {sequence.data_type}" if sequence.data_type else ""
