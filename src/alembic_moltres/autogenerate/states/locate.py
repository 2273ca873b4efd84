"""Finds the revision of a database by its tables alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext

from ...dialects.base.reflection import Key
from ...history.every_revision import RevisionTables, merged_tables
from ...schema import TableSchema
from ..gather import gather_database, gather_state
from ..gc_pause import gc_paused
from .distances import Distance, Distances
from .drift import Drift, drift_between, schemas_of, strict_context


@dataclass(frozen=True, slots=True)
class Match:
    """The revisions that a database may be at, and its differences from them.

    Attributes:
        revisions: for each branch those with the same tables, newest first; empty for a database on
            which no script has run.
        drift: the differences.
    """

    revisions: tuple[tuple[str, ...], ...]
    drift: Drift


@dataclass(frozen=True, slots=True)
class Branch:
    """The revisions of one head that no other head has, and the tables that they change.

    Attributes:
        revisions: oldest first.
        keys: of the tables.
        before: the revision that the branch starts from; `None` for an empty database.
        is_sure: whatever revision of any branch the database is at, it has `before`. It need not
            with `depends_on`, or if branches start from several revisions.
    """

    revisions: tuple[RevisionTables, ...]
    keys: Collection[Key]
    before: RevisionTables | None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class BranchMatch:
    """Revisions of one branch with the same tables; empty for none of them."""

    revisions: tuple[RevisionTables, ...]
    changes: int


def locate(context: MigrationContext, revisions: Sequence[RevisionTables]) -> list[Match]:
    """Return the best match and the runner-up; the database is only read.

    Args:
        context: connected to the database.
        revisions: of the history, oldest first.

    Raises:
        OperationError: the database cannot be read.
    """
    with gc_paused():
        return _matches(strict_context(context), revisions)


def _matches(autogen_context: AutogenContext, revisions: Sequence[RevisionTables]) -> list[Match]:
    tables = {id(table): table for each in revisions for table in each.tables.values()}
    keys = gather_state(autogen_context, tables.values())
    database = gather_database(autogen_context, schemas_of(autogen_context, keys), keys)
    distances = Distances(autogen_context, database)
    return [
        _match(distances, merged_tables([each[0] for each in chosen], revisions), chosen, keys)
        for chosen in _two_nearest(distances, revisions, keys)
    ]


def _match(
    distances: Distances,
    merged: RevisionTables,
    chosen: Iterable[Iterable[RevisionTables]],
    keys: Collection[Key],
) -> Match:
    """Return the match with its differences; tables already found equal are skipped."""
    same = [table for table in merged.tables.values() if distances.is_same(table)]
    equal_keys = {distances.key_of(table) for table in same}
    unknown = {key for each in merged.uncertain for key in each.tables}
    drift = drift_between(
        distances.context,
        [
            table
            for table in merged.tables.values()
            if table.key not in unknown and distances.key_of(table) not in equal_keys
        ],
        merged.uncertain,
        {key: each for key, each in distances.database.items() if key not in equal_keys},
        keys,
    )
    return Match(tuple(tuple(each.revision for each in equal) for equal in chosen), drift)


def _two_nearest(
    distances: Distances, revisions: Sequence[RevisionTables], keys: Collection[Key]
) -> list[list[tuple[RevisionTables, ...]]]:
    """Return the revisions of the best match and of the runner-up, one for each branch."""
    branches = _branches(distances, revisions)
    choices = [_choices(distances, each) for each in branches]
    if any(each[0].revisions for each in choices):
        return _combined(choices)
    inside = {each.revision for branch in branches for each in branch.revisions}
    remaining = [each for each in revisions if each.revision not in inside]
    choices_of_all = _choices(distances, Branch(tuple(remaining), keys, None))
    return [[each.revisions] if each.revisions else [] for each in choices_of_all[:2]]


def _combined(choices: list[list[BranchMatch]]) -> list[list[tuple[RevisionTables, ...]]]:
    """Return the best choice of each branch, and the same with another one of one branch."""
    best = [each[0] for each in choices]
    others = sorted(
        (other.changes - first.changes, n, at)
        for n, (first, *rest) in enumerate(choices)
        for at, other in enumerate(rest, 1)
    )
    combinations = [_heads(best)]
    for _, n, at in others:
        heads = _heads([*best[:n], choices[n][at], *best[n + 1 :]])
        if heads not in combinations:
            return [*combinations, heads]
    return combinations


def _heads(chosen: Iterable[BranchMatch]) -> list[tuple[RevisionTables, ...]]:
    """Return the revisions of each branch, without those that come before another's."""
    by_newest = {each.revisions[0].revision: each.revisions for each in chosen if each.revisions}
    before = {
        name for newest, *_ in by_newest.values() for name in newest.ancestors - {newest.revision}
    }
    return [revisions for name, revisions in by_newest.items() if name not in before]


def _choices(distances: Distances, branch: Branch) -> list[BranchMatch]:
    """Return the nearest choices of a branch, one of them its branch point."""
    groups: list[list[Distance]] = []
    for distance in distances.nearest(branch.revisions, branch.keys):
        group = next((each for each in groups if _equal(each[0], distance)), None)
        if group is None:
            groups.append([distance])
        else:
            group.append(distance)
    matches = [BranchMatch(_newest_first(branch, each), each[0].changes) for each in groups]
    matches += _outside(distances, branch)
    return sorted(matches, key=lambda each: each.changes)


def _outside(distances: Distances, branch: Branch) -> Iterator[BranchMatch]:
    """Yield the choices of none of the branch's revisions."""
    if branch.before is None or not branch.is_sure:
        yield BranchMatch((), distances.empty(branch.keys))
    if branch.before is not None:
        revisions = () if branch.is_sure else (branch.before,)
        yield BranchMatch(revisions, distances.distance(branch.before, branch.keys))


def _newest_first(branch: Branch, group: Iterable[Distance]) -> tuple[RevisionTables, ...]:
    names = {each.revision.revision for each in group}
    return tuple(each for each in reversed(branch.revisions) if each.revision in names)


def _equal(one: Distance, other: Distance) -> bool:
    """Tell whether they have the same tables: they do if a database differs from neither."""
    if one.changes != other.changes or one.revision.uncertain != other.revision.uncertain:
        return False
    return not one.changes or one.revision.tables == other.revision.tables


def _branches(distances: Distances, revisions: Sequence[RevisionTables]) -> list[Branch]:
    """Return the revisions that only one head has, if there are several heads."""
    heads = [
        each
        for each in revisions
        if not any(each.revision in r.ancestors for r in revisions if r is not each)
    ]
    if len(heads) < 2:
        return []
    branches: list[Branch] = []
    for head in heads:
        others = frozenset[str]().union(*(each.ancestors for each in heads if each is not head))
        own = head.ancestors - others
        inside = tuple(each for each in revisions if each.revision in own)
        common = head.ancestors & others
        before = next((each for each in revisions if each.ancestors == common), None)
        keys = {distances.key_of(table) for table in _changed(before, inside)}
        branches.append(Branch(inside, keys, before))
    every = [each for branch in branches for each in branch.revisions]
    return [replace(each, is_sure=_is_sure(each.before, every)) for each in branches]


def _is_sure(before: RevisionTables | None, revisions: Iterable[RevisionTables]) -> bool:
    return before is None or all(before.revision in each.ancestors for each in revisions)


def _changed(
    before: RevisionTables | None, inside: Iterable[RevisionTables]
) -> Iterator[TableSchema]:
    """Yield the tables that differ from those of the branch point, on either side."""
    base = before.tables if before else {}
    for each in inside:
        is_after = before is None or before.revision in each.ancestors
        tables = {**base, **each.tables} if is_after else each.tables
        for key, table in tables.items():
            if base.get(key) != each.tables.get(key):
                yield table
