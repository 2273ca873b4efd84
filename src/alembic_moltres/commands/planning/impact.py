"""What a revision does to existing tables: locks and rewrites from the facts, and lost data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ...dialects.base.facts import Facts, Size, for_size, together
from ...dialects.base.impl import DialectImpl
from ...diff import Change, RenameTable, TableKey, Tables
from .steps import Step


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact of one step or of a whole revision.

    Attributes:
        facts: of the tables that existed before the revision, by their names before it.
        unknown: it has SQL of its own, or nothing is known about this database.
        losses: the data that is lost.
    """

    facts: Facts
    unknown: bool = False
    losses: tuple[str, ...] = ()


def impacts_of(
    steps: list[Step],
    before: Tables,
    impl: DialectImpl,
    sizes: Mapping[TableKey, Size],
    unclear: Collection[int] = (),
) -> list[Impact]:
    """Return what each step of a revision does.

    Args:
        steps: of the revision.
        before: the tables before it; nobody uses those that the revision creates.
        impl: of the database.
        sizes: of the tables, where known.
        unclear: the lines of which replay does not know what they change.
    """
    names = {key: key for key in before}
    impacts = [_impact(step, names, impl) for step in steps]
    return [
        replace(
            each,
            facts=for_size(each.facts, sizes),
            unknown=each.unknown or (step.line in unclear and not step.changes()),
        )
        for step, each in zip(steps, impacts, strict=True)
    ]


def as_one(impacts: list[Impact]) -> Impact:
    """Return the impact of several steps in one transaction."""
    losses = dict.fromkeys(loss for each in impacts for loss in each.losses)
    unknown = any(each.unknown for each in impacts)
    return Impact(together(each.facts for each in impacts), unknown, tuple(losses))


def _impact(step: Step, names: dict[TableKey, TableKey], impl: DialectImpl) -> Impact:
    facts_of_changes: list[Facts] = []
    losses: list[str] = []
    unknown = step.is_raw
    statements = [each.text for each in step.executed]
    for change, tables in step.with_tables():
        lost = change.losses() if _touches(change, names) else ()
        losses += lost
        facts = None if step.is_raw else impl.facts(change, tables, statements)
        unknown = unknown or facts is None
        facts_of_changes.append(
            {names[key]: fact for key, fact in (facts or {}).items() if key in names}
        )
        if isinstance(change, RenameTable) and (change.schema, change.current) in names:
            names[change.schema, change.desired] = names.pop((change.schema, change.current))
    return Impact(together(facts_of_changes), unknown, tuple(losses))


def _touches(change: Change, names: dict[TableKey, TableKey]) -> bool:
    """Tell whether a change is to a table that existed before the revision."""
    table = getattr(change, "table", None)
    key = getattr(change, "key", None) if table is None else (table.schema, table.name)
    return key is None or key in names
