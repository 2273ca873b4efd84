"""Which columns and tables were renamed: given with `-x`, or asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from ...dialects.base.reflection import Key
from ...dialects.base.signatures import ReflectedColumn, ReflectedTable, matches
from ...diff import ColumnRename, DropColumn, DropTable, Rename, TableRename
from ...diff.rename_candidates import Choice as Renames
from ...diff.rename_candidates import RenameCandidate, column_candidates, table_candidates
from ...schema import ColumnDef, TableSchema
from .names import write_name
from .question import RENAME, Choice, Question
from .questioner import Questioner, are_questions_enabled, questioner_of
from .rename_answers import answered_renames

if TYPE_CHECKING:
    from ..comparison_input import ComparisonInput

OpenRenameQuestions = dict[tuple[Key, str | None], list[Question]]
"""The open questions, by the table and column that would be dropped."""


class RenameComparison(Protocol):
    """A comparison with the renames known so far."""

    def sides(self) -> tuple[list[TableSchema], list[TableSchema]]:
        """Return the tables of the database, under their new names, and of the models."""

    def with_signatures(self, table: Key) -> tuple[ReflectedTable | None, ReflectedTable | None]:
        """Return a table of the database and of the models, with their signatures."""


Compare: TypeAlias = Callable[[Sequence[Rename]], Any]
"""Makes the comparison with some renames."""


def with_renames(
    given: ComparisonInput, compare: Compare, declared: Sequence[Rename]
) -> tuple[Any, OpenRenameQuestions]:
    """Return the comparison with all known renames, and the open questions.

    Args:
        given: of the comparison, by a command that may ask.
        compare: makes the comparison.
        declared: the renames that the models declare.
    """
    questioner, open_ = questioner_of(given.context), OpenRenameQuestions()
    if questioner is None:
        return compare(declared), open_
    known = list(declared)
    if questioner.answers.renames:
        before = {
            key: [str(column.name) for column in each.reflected.table.columns]
            for key, each in given.database.items()
        }
        after = {
            key: [str(column.name) for column in each.live.columns]
            for key, each in given.models.items()
        }
        known += answered_renames(questioner.answers, before, after, declared)
    if not are_questions_enabled(given.context):
        return compare(known), open_
    return RenameQuestions(questioner, compare, open_).resolve(known), open_


@dataclass(slots=True)
class RenameQuestions:
    """Asks about the renames of one database.

    Attributes:
        questioner: of the command.
        compare: makes a comparison with renames.
        open: the open questions.
    """

    questioner: Questioner
    compare: Compare
    open: OpenRenameQuestions
    _likely: list[TableRename] = field(default_factory=list)

    def resolve(self, known: Sequence[Rename]) -> Any:
        """Return the comparison with all renames: the known ones and the answered ones."""
        compared = self.compare(known)
        tables = self._answers(_table_candidates(compared))
        if tables:
            known = (*known, *tables)
            compared = self.compare(known)
        candidates = _column_candidates(compared)
        if self._likely:
            self._ask_about_columns(known, {each.place for each in candidates})
        columns = self._answers(candidates)
        return self.compare((*known, *columns)) if columns else compared

    def _ask_about_columns(
        self, known: Sequence[Rename], asked: Collection[tuple[Key, str | None]]
    ) -> None:
        """Add the questions that follow from the likeliest answers to open ones about tables.

        A column of such a table has them, and one with a foreign key to it.
        """
        compared = self.compare((*known, *self._likely))
        former = {(each.schema, each.desired): (each.schema, each.current) for each in self._likely}
        for candidate in _column_candidates(compared):
            table, column = candidate.place
            if candidate.place not in asked:
                question = _question(candidate)
                self.questioner.choose(question)
                place = (former[table], None) if table in former else (table, column)
                self.open.setdefault(place, []).append(question)

    def _answers(self, candidates: Iterable[RenameCandidate]) -> list[Rename]:
        chosen: list[Rename] = []
        for candidate in candidates:
            taken = {_new_name(each) for each in chosen}
            choices = [each for each in candidate.choices if taken.isdisjoint(map(_new_name, each))]
            if choices:
                chosen += self._answer(replace(candidate, choices=tuple(choices)))
        return chosen

    def _answer(self, candidate: RenameCandidate) -> Renames:
        question = _question(candidate)
        choice, is_answered = self.questioner.choose(question)
        if not is_answered:
            self.open.setdefault(candidate.place, []).append(question)
            self._note_likely(candidate.choices[0])
        if choice is None:
            return ()
        return candidate.choices[question.choices.index(choice)]

    def _note_likely(self, renames: Renames) -> None:
        """Note what a table may have become, unless another table is noted for it."""
        for each in renames:
            if isinstance(each, TableRename) and _new_name(each) not in map(
                _new_name, self._likely
            ):
                self._likely.append(each)


def _new_name(rename: Rename) -> tuple[Any, ...]:
    table = rename.table if isinstance(rename, ColumnRename) else None
    return rename.schema, table, rename.desired


def _question(candidate: RenameCandidate) -> Question:
    subject = write_name([*candidate.table, candidate.column])
    choices = tuple(_choice(each) for each in candidate.choices)
    became = ", ".join(each.label for each in choices)
    return Question(RENAME, subject, choices, f"{subject} → {became}: rename?", stops=True)


def _choice(renames: Renames) -> Choice:
    """Return the answer with some renames; a chain is in reverse order."""
    value = ",".join(f"{write_name(_parts(each))}:{write_name([each.desired])}" for each in renames)
    labels = [write_name([*_parts(each)[:-1], each.desired]) for each in reversed(renames)]
    return Choice(value, " → ".join(labels))


def _parts(rename: Rename) -> list[str | None]:
    match rename:
        case TableRename():
            return [rename.schema, rename.current]
        case ColumnRename():
            return [rename.schema, rename.table, rename.current]


def _table_candidates(compared: RenameComparison) -> tuple[RenameCandidate, ...]:
    current, desired = (_by_key(tables) for tables in compared.sides())
    removed = [table for key, table in current.items() if key not in desired]
    added = [table for key, table in desired.items() if key not in current]
    if not removed or not added:
        return ()
    with_signatures = [
        each for table in added if (each := compared.with_signatures(_key(table))[1]) is not None
    ]
    spelt = [
        _with_model_types(
            table,
            compared.with_signatures(_key(table))[0],
            [c for each in with_signatures for c in each.columns],
        )
        for table in removed
    ]
    others = [table for key, table in desired.items() if key in current]
    return table_candidates(spelt, added, others)


def _column_candidates(compared: RenameComparison) -> list[RenameCandidate]:
    current, desired = (_by_key(tables) for tables in compared.sides())
    candidates: list[RenameCandidate] = []
    for key, table in current.items():
        wanted = desired.get(key)
        if wanted is None or table is wanted or not _drops_and_adds(table, wanted):
            continue
        ours, theirs = compared.with_signatures(key)
        columns = () if theirs is None else theirs.columns
        candidates += column_candidates(_with_model_types(table, ours, columns), wanted)
    return candidates


def _drops_and_adds(current: TableSchema, desired: TableSchema) -> bool:
    before = {column.name for column in current.columns}
    after = {column.name for column in desired.columns}
    return not (before <= after or after <= before)


def _with_model_types(
    table: TableSchema, with_signatures: ReflectedTable | None, wanted: Sequence[ReflectedColumn]
) -> TableSchema:
    """Return a table with the models' type for each column whose type matches."""
    if with_signatures is None:
        return table
    types = {each.column.name: each.signature.type for each in with_signatures.columns}

    def spelt(column: ColumnDef) -> ColumnDef:
        mine = types.get(column.name)
        alike = [each.column for each in wanted if matches(mine, each.signature.type)]
        if mine is None or not alike:
            return column
        named = next((each for each in alike if each.name == column.name), alike[0])
        return replace(column, type_name=named.type_name, type_variants=named.type_variants)

    return replace(table, columns=tuple(map(spelt, table.columns)))


def _by_key(tables: Iterable[TableSchema]) -> Mapping[Key, TableSchema]:
    return {_key(table): table for table in tables}


def _key(table: TableSchema) -> Key:
    return table.schema, str(table.name)


def questions_on(change: object, table: Key | None, open_: OpenRenameQuestions) -> list[Question]:
    """Return the open questions about what a change would lose.

    Args:
        change: of the database, or inside a table.
        table: that table.
        open_: all open questions.
    """
    match change:
        case DropTable(table=dropped):
            return open_.get((_key(dropped), None), [])
        case DropColumn(column=column) if table is not None:
            return open_.get((table, str(column.name)), [])
        case _:
            return []
