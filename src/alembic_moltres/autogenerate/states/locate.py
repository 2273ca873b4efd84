"""Finds the revision of a database by its tables alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    """

    revisions: tuple[RevisionTables, ...]
    keys: Collection[Key]
    before: RevisionTables | None


@dataclass(frozen=True, slots=True)
class BranchMatch:
    """Revisions of one branch with the same tables; empty if the branch point is nearer."""

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
    """Return the best choice of each branch, and the same with the second best of one branch."""
    best = [each[0] for each in choices]
    combinations = [best]
    others = [
        (each[1].changes - each[0].changes, n) for n, each in enumerate(choices) if len(each) > 1
    ]
    if others:
        _, at = min(others)
        combinations.append([*best[:at], choices[at][1], *best[at + 1 :]])
    return [[each.revisions for each in chosen if each.revisions] for chosen in combinations]


def _choices(distances: Distances, branch: Branch) -> list[BranchMatch]:
    """Return the two best of a branch, one of them its branch point if that is nearer."""
    groups: list[list[Distance]] = []
    for distance in distances.nearest(branch.revisions, branch.keys):
        group = next((each for each in groups if _equal(each[0], distance)), None)
        if group is None:
            groups.append([distance])
        else:
            group.append(distance)
    branch_point_distance = (
        distances.empty(branch.keys)
        if branch.before is None
        else distances.distance(branch.before, branch.keys)
    )
    matches = [BranchMatch(_newest_first(branch, each), each[0].changes) for each in groups]
    return sorted(
        [*matches, BranchMatch((), branch_point_distance)], key=lambda each: each.changes
    )[:2]


def _newest_first(branch: Branch, group: Iterable[Distance]) -> tuple[RevisionTables, ...]:
    names = {each.revision.revision for each in group}
    return tuple(each for each in reversed(branch.revisions) if each.revision in names)


def _equal(one: Distance, other: Distance) -> bool:
    """Tell whether they have the same tables: they do if a database differs from neither."""
    if one.changes != other.changes:
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
    branches = []
    for head in heads:
        others = frozenset[str]().union(*(each.ancestors for each in heads if each is not head))
        own = head.ancestors - others
        inside = tuple(each for each in revisions if each.revision in own)
        common = head.ancestors & others
        before = next((each for each in revisions if each.ancestors == common), None)
        keys = {distances.key_of(table) for table in _changed(before, inside)}
        branches.append(Branch(inside, keys, before))
    return branches


def _changed(
    before: RevisionTables | None, inside: Iterable[RevisionTables]
) -> Iterator[TableSchema]:
    base = before.tables if before else {}
    for each in inside:
        for key, table in {**base, **each.tables}.items():
            if base.get(key) != each.tables.get(key):
                yield table
