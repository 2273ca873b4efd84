"""The tables of a database at revisions of several branches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..diff import TableKey, apply, diff
from ..errors import SchemaError
from ..schema import TableSchema
from .every_revision import RevisionTables

Tables = Mapping[TableKey, TableSchema]


def merged_tables(
    revisions: Sequence[RevisionTables], known: Iterable[RevisionTables]
) -> RevisionTables:
    """Return the tables of a database at all these revisions.

    The changes of each branch are applied to the tables of the others, as the scripts do.

    Args:
        revisions: one of each branch; none for an empty database.
        known: all revisions of the history.
    """
    if not revisions:
        return RevisionTables("", frozenset(), {})
    known = list(known)
    first, *others = revisions
    tables, ancestors, uncertain = first.tables, first.ancestors, first.uncertain
    for each in others:
        common = ancestors & each.ancestors
        base = next((r.tables for r in known if r.ancestors == common), {})
        tables = _merged(base, tables, each.tables)
        ancestors |= each.ancestors
        uncertain = tuple(dict.fromkeys((*uncertain, *each.uncertain)))
    return RevisionTables(", ".join(r.revision for r in revisions), ancestors, tables, uncertain)


def _merged(base: Tables, ours: Tables, theirs: Tables) -> Tables:
    changed = [key for key in {**base, **theirs} if base.get(key) != theirs.get(key)]
    before, after = ([side[key] for key in changed if key in side] for side in (base, theirs))
    try:
        merged = apply(diff(before, after), ours.values())
    except SchemaError:  # both branches have the same change; only one can run
        return {**ours, **{key: theirs[key] for key in changed if key in theirs}}
    return {(each.schema, str(each.name)): each for each in merged}
