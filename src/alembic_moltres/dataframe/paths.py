"""The paths from one model to another: foreign keys, and relationships that differ from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

import sqlalchemy as sa
from moltres.logical.plan import LogicalPlan
from sqlalchemy.orm import RelationshipProperty, class_mapper
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList

from ..convert import is_sqlalchemy_model
from ..errors import QueryError
from .scans import ModelScan, scans_of

Pairs = tuple[tuple[str, str], ...]
"""Columns that are to be equal, each with the name of its table before it."""


class Path(NamedTuple):
    """A path from one table to another.

    `near` and `far` are pairs of columns that are to be equal, or a condition of SQLAlchemy. A path
    has `through` and `far` if it uses an association table.
    """

    name: str
    near: Pairs | sa.ColumnElement[Any]
    through: sa.Table | None = None
    far: Pairs | sa.ColumnElement[Any] = ()

    @property
    def key(self) -> Hashable:
        """Equal for two equivalent paths, from either side."""
        return tuple(
            frozenset(map(frozenset, each)) if isinstance(each, tuple) else str(each)
            for each in (self.near, self.far)
        )


def only_path(left: LogicalPlan, right: LogicalPlan) -> Path:
    """Return the only path between the models of two plans.

    Raises:
        QueryError: there is none, or more than one.
    """
    sides = list(scans_of(left)), list(scans_of(right))
    joined_tables = {scan.source.key for side in sides for scan in side}
    candidates = [path for a, b in product(*sides) for path in _paths(a, b)]
    paths = [
        path for path in candidates if path.through is None or path.through.key not in joined_tables
    ]
    distinct: dict[Hashable, Path] = {path.key: path for path in reversed(paths)}
    between = " and ".join(", ".join(each.title for each in side) or "no model" for side in sides)
    if not distinct:
        raise QueryError(
            f"no foreign key and no relationship joins {between} (at join); "
            "pass on=[('a_column', 'another')]",
            between,
        )
    if len(distinct) > 1:
        names = ", ".join(sorted(path.name for path in distinct.values()))
        raise QueryError(
            f"more than one path joins {between}: {names} (at join); pass on= for one of them",
            names,
        )
    return next(iter(distinct.values()))


def along(left: LogicalPlan, right: LogicalPlan, relationship: RelationshipProperty[Any]) -> Path:
    """Return the path of a relationship, from either side.

    Raises:
        QueryError: it does not lead from a model of one plan to one of the other.
    """
    sides = list(scans_of(left)), list(scans_of(right))
    for start, end in product(*sides):
        if _leads(relationship, start, end):
            return _path(relationship, start, end, near=True)
        if _leads(relationship, end, start):
            return _path(relationship, end, start, near=False)
    raise QueryError(
        f"{relationship} does not join these two (at join); join {relationship.target.name!r}",
        relationship,
    )


def _paths(left: ModelScan, right: ModelScan) -> Iterator[Path]:
    """Yield the paths between two tables; relationships first, because their names are clearer."""
    for start, end in ((left, right), (right, left)):
        for relationship in _relationships(start):
            if _leads(relationship, start, end):
                yield _path(relationship, start, end, near=start is left)
        for key in start.source.foreign_key_constraints:
            path = _by_key(key, start, end)
            if path is not None:
                yield path


def _relationships(scan: ModelScan) -> Iterable[RelationshipProperty[Any]]:
    return class_mapper(scan.model).relationships if is_sqlalchemy_model(scan.model) else ()


def _by_key(key: sa.ForeignKeyConstraint, start: ModelScan, end: ModelScan) -> Path | None:
    """Return the path of a foreign key, which may refer to a missing table."""
    targets = [element.target_fullname.rpartition(".") for element in key.elements]
    if targets[0][0] != end.source.key:
        return None
    referred = [end.source.c[name] for _, _, name in targets]
    named = ", ".join(f"{start.called}.{column.name}" for column in key.columns)
    return Path(named, _pairs(zip(key.columns, referred, strict=True), start.called, end.called))


def _leads(relationship: RelationshipProperty[Any], start: ModelScan, end: ModelScan) -> bool:
    target: Any = relationship.target
    return relationship.parent.local_table is start.source and target.key == end.source.key


def _path(
    relationship: RelationshipProperty[Any], start: ModelScan, end: ModelScan, *, near: bool
) -> Path:
    through = relationship.secondary
    if not isinstance(through, sa.Table):
        equal = _equalities(relationship.primaryjoin, relationship.local_remote_pairs or ())
        condition = _pairs(equal, start.called, end.called) if equal else relationship.primaryjoin
        return Path(f"{start.title}.{relationship.key}", condition)
    name = str(through.name)
    first = _pairs(relationship.synchronize_pairs, start.called, name)
    second = _pairs(relationship.secondary_synchronize_pairs or (), end.called, name)
    ends = (first, second) if near else (second, first)
    return Path(f"{start.title}.{relationship.key}", ends[0], through, ends[1])


def _equalities(condition: Any, pairs: Iterable[Any]) -> list[Any]:
    """Return the pairs if they are the whole condition, else none."""
    equal = list(pairs)
    clauses = condition.clauses if isinstance(condition, BooleanClauseList) else [condition]
    only = all(isinstance(each, BinaryExpression) for each in clauses)
    return equal if only and len(clauses) == len(equal) else []


def _pairs(linked: Iterable[tuple[Any, Any]], first: str, second: str) -> Pairs:
    return tuple((f"{first}.{a.name}", f"{second}.{b.name}") for a, b in linked)
