"""Values for existing rows: in a new NOT NULL column, or for a removed label."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from ...dialects.base.impl import DialectImpl
from ...dialects.base.registry import impl_of
from ...diff import AddConstraint, AlterColumn, AlterEnum, AlterTable, Change
from ...diff.changes.columns import ColumnChange
from ...diff.changes.domains import type_place
from ...diff.enum_renames import renamed_first
from ...diff.rename_candidates import likeness
from ...schema import SQL, CheckConstraint, ColumnDef, TableSchema
from ...schema.names import qualified_name
from ...sqltext.names import columns
from .labels import labels_of, nulls_replaced, replaced, split
from .names import write_name
from .question import FILL, LABEL, USING, Choice, Question
from .questioner import Questioner, are_questions_enabled, questioner_of
from .rename_questions import OpenRenameQuestions
from .values import example, read_value

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

OpenRowQuestions: TypeAlias = dict[tuple[object, ...], list[Question]]
"""The open questions, by what `question_key` returns."""


def with_rows(
    autogen_context: AutogenContext,
    changes: Sequence[Change],
    renames: OpenRenameQuestions,
    tables: Iterable[TableSchema],
) -> tuple[list[Change], OpenRowQuestions]:
    """Return the changes with the answers about rows, and the open questions.

    Args:
        autogen_context: of a command that may ask.
        changes: the result of the comparison.
        renames: the open questions about renames; nothing is asked about a column that may be
            renamed.
        tables: of the database.
    """
    questioner = questioner_of(autogen_context)
    if questioner is None or not (
        are_questions_enabled(autogen_context) or questioner.answers.has_rows()
    ):
        return list(changes), {}
    open_ = (each for same in renames.values() for each in same)
    uncertain = {choice.label for each in open_ for choice in each.choices}
    keyed = {table.key: _keyed(table) for table in tables} if changes else {}
    questions = RowQuestions(questioner, {}, impl_of(autogen_context.dialect), uncertain, keyed)
    made = renamed_first(each for change in changes for each in questions.answered(change))
    return made, questions.open if are_questions_enabled(autogen_context) else {}


def question_key(change: object, table: tuple[str | None, str] | None) -> tuple[object, ...] | None:
    """Return the key of a change's questions."""
    match change:
        case ColumnChange() if (desired := change.sides()[1]) is not None:
            return (table, str(desired.name))
        case AddConstraint(constraint=CheckConstraint(expression=expression)):
            return (table, "check", expression)
        case AlterEnum():
            _, after = change.types()
            return ("labels", *type_place(after))
        case _:
            return None


@dataclass(slots=True)
class RowQuestions:
    """Asks about the rows of one database.

    Attributes:
        questioner: of the command.
        open: the open questions.
        impl: of the database.
        uncertain: columns that may not be added, because others may be renamed.
        keyed: the columns in constraints and indexes, for each table.
    """

    questioner: Questioner
    open: OpenRowQuestions
    impl: DialectImpl
    uncertain: Collection[str] = ()
    keyed: Mapping[str, Collection[str]] = field(default_factory=dict)

    def answered(self, change: Change) -> Sequence[Change]:
        """Return a change with the answers about it."""
        match change:
            case AlterTable():
                inside = [each for one in change.changes for each in self._inside(one, change)]
                return [
                    made
                    for block in split(replace(change, changes=tuple(inside)))
                    for made in (
                        self._own_labels(block) if isinstance(block, AlterTable) else [block]
                    )
                ]
            case AlterEnum():
                return [self._labels(change)]
            case _:
                return [change]

    def _own_labels(self, table: AlterTable) -> Sequence[Change]:
        """Return a table's changes with what replaces the removed labels of its columns."""
        changes: list[Change] = [table]
        for labels in labels_of(table, self.impl):
            if self.impl.features.named_types and isinstance(labels.change, AlterColumn):
                continue
            parts, values = (*table.key, labels.column), dict[str, str]()
            for label in labels.before:
                if label in labels.after:
                    continue
                question = _label_question(parts, label, labels.before, labels.after)
                value, is_answered = self.questioner.value(question)
                if not is_answered:
                    self._leave_open(labels.change, table, question)
                elif value is not None:
                    values[label] = value
            if values:
                at = next(n for n, e in enumerate(changes) if _has(e, labels.change))
                last = changes[at]
                assert isinstance(last, AlterTable)  # noqa: S101 - see `_has`
                changes[at : at + 1] = replaced(last, labels, values)
        return changes

    def _inside(self, change: Change, table: AlterTable) -> Iterable[Change]:
        match change:
            case AlterColumn() if (sql := self._conversion(change, table)) is not None:
                return self._converted(change, table, sql)
            case ColumnChange(needs_fill=True):
                current, desired = change.sides()
                text = "becomes NOT NULL without a default; which value replaces NULL?"
                if current is None:
                    text = "is NOT NULL without a default; which value do existing rows get?"
                value = self._value(change, table, desired, text)
                return [change] if value is None else self._filled(change, table, value)
            case _:
                return [change]

    def _filled(self, change: ColumnChange, table: AlterTable, value: str) -> Iterable[Change]:
        """Return the changes with a value for rows; a default cannot read other columns."""
        read = read_value(value, change.sides()[1])
        reads = isinstance(read, SQL) and columns(read.text, self.impl.syntax)
        if isinstance(change, AlterColumn) and isinstance(read, SQL) and reads:
            return nulls_replaced(change, table.key, read)
        return change.filled(read)

    def _conversion(self, change: AlterColumn, table: AlterTable) -> str | None:
        """Return SQL that may convert a column without a cast, if no constraint or index has it."""
        if not change.retypes or change.current.computed or change.desired.computed:
            return None
        added = [*table.added_constraints, *table.created_indexes]
        over = {name for each in added for name in each.columns}
        key = qualified_name(table.name, table.schema)
        if change.desired.name in {*over, *self.keyed.get(key, ())}:
            return None
        return self.impl.suggest_cast(change.current, change.desired)

    def _converted(self, change: AlterColumn, table: AlterTable, sql: str) -> Iterable[Change]:
        """Return the changes that replace a column by a new one, filled from the old one."""
        old, new = change.current, change.desired
        subject = write_name([*table.key, new.name])
        text = f"{subject} changes from {old.type_name} to {new.type_name}, and there is no"
        choice = Choice(f"{subject}:{sql}", sql)
        question = Question(
            USING, subject, (choice,), f"{text} cast; which SQL converts it?", is_free=True
        )
        value, is_answered = self.questioner.value(question)
        if not is_answered:
            self._leave_open(change, table, question)
        if value is None:
            return [change]
        return change.replaced(f"{new.name}_new", SQL(value))

    def _value(self, change: Change, table: AlterTable, column: ColumnDef, text: str) -> str | None:
        subject = write_name([*table.key, column.name])
        if subject in self.uncertain:
            return None
        choice = Choice(f"{subject}:{example(column)}", example(column))
        question = Question(FILL, subject, (choice,), f"{subject} {text}", is_free=True)
        value, is_answered = self.questioner.value(question)
        if not is_answered:
            self._leave_open(change, table, question)
        return value

    def _leave_open(self, change: Change, table: AlterTable | None, question: Question) -> None:
        place = question_key(change, None if table is None else table.key)
        if place is not None:
            self.open.setdefault(place, []).append(question)

    def _labels(self, change: AlterEnum) -> AlterEnum:
        before, after = change.types()
        removed = [str(label) for label in before.args if label not in after.args]
        for label in removed:
            if label in change.renamed:
                continue
            taken = set(change.renamed.values()).difference(before.args)
            labels = [each for each in map(str, after.args) if each not in taken]
            old = tuple(map(str, before.args))
            question = _label_question(type_place(after), label, old, labels)
            value, is_answered = self.questioner.value(question)
            if not is_answered:
                self._leave_open(change, None, question)
            elif value is not None:
                change = replace(change, renamed={**change.renamed, label: value})
        return change


def _has(table: Change, change: Change) -> bool:
    return isinstance(table, AlterTable) and any(each is change for each in table.changes)


def _label_question(
    parts: Iterable[object], label: str, before: Sequence[str], after: Iterable[str]
) -> Question:
    name = [str(each) for each in parts if each]
    subject = write_name([*name, label])
    labels = sorted(after, key=lambda each: (each in before, -round(likeness(label, each), 2)))
    choices = tuple(Choice(f"{subject}:{write_name([each])}", each) for each in labels)
    text = f"the label {label!r} of {write_name(name)} is removed; what replaces it in rows?"
    return Question(LABEL, subject, choices, text)


def _keyed(table: TableSchema) -> set[str]:
    """Return the columns in constraints and indexes; for a CHECK, all of the table."""
    columns: set[str] = set()
    for each in (*table.constraints, *table.indexes):
        is_expression = isinstance(each, CheckConstraint)
        names = [c.name for c in table.columns] if is_expression else each.columns
        columns.update(map(str, names))
    return columns
