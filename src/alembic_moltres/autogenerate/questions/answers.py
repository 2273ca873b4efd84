"""The answers given with `-x`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...errors import OptionError
from ...options import moltres_values
from .names import parse_name, split, write_name
from .question import FILL, LABEL, NONE, RENAME, USING, shell_argument

Values = dict[tuple[str, tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class RenameAnswer:
    """A rename given with `-x`.

    Attributes:
        value: as typed.
        current: the old dotted name.
        desired: the new name, with its table's if that was typed.
    """

    value: str
    current: tuple[str, ...]
    desired: tuple[str, ...]


@dataclass(slots=True)
class Answers:
    """The answers of one command, and which of them were used.

    Attributes:
        renames: those with both names.
        values: the value for a column or a label, by kind and dotted name.
        none: the kinds whose other questions are all answered with no.
        used: the answers, as typed, that matched something.
    """

    renames: list[RenameAnswer] = field(default_factory=list)
    values: Values = field(default_factory=dict)
    none: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, arguments: Iterable[str]) -> Answers:
        """Read the values of `-x`.

        Raises:
            OptionError: an answer is malformed.
        """
        answers = cls()
        for value in moltres_values(arguments, RENAME):
            for each in filter(None, map(str.strip, split(value, ","))):
                answers._add_rename(each)
        for value in moltres_values(arguments, LABEL):
            for each in filter(None, map(str.strip, split(value, ","))):
                answers._add_value(LABEL, each)
        for kind in (FILL, USING):
            for value in moltres_values(arguments, kind):  # it may contain a comma
                answers._add_value(kind, value)
        return answers

    def has_rows(self) -> bool:
        """Tell whether there is an answer about rows."""
        return bool(self.values)

    def _add_value(self, kind: str, value: str) -> None:
        if value.strip().lower() == NONE:
            self.none.add(kind)
            return
        name, *rest = split(value, ":")
        if not rest or not name.strip():
            form = "type.label:label" if kind == LABEL else "table.column:value"
            raise OptionError(
                f"-x moltres.{kind}={value} is not an answer; write {form}, or {NONE}", value
            )
        self.values[kind, parse_name(name)] = value[len(name) + 1 :]

    def _add_rename(self, value: str) -> None:
        if value.lower() == NONE:
            self.none.add(RENAME)
            return
        parts = split(value, ":")
        if len(parts) != 2 or not all(map(str.strip, parts)):
            raise OptionError(
                f"-x moltres.rename={value} is not a rename; write table.column:name, table:name, "
                f"or {NONE}",
                value,
            )
        current, desired = map(parse_name, parts)
        self.renames.append(RenameAnswer(value, current, desired))

    def unused(self) -> list[str]:
        """Return the answers that matched nothing, as typed."""
        renames = [
            shell_argument(RENAME, each.value)
            for each in self.renames
            if each.value not in self.used
        ]
        return renames + [
            shell_argument(kind, f"{write_name(name)}:{value}")
            for (kind, name), value in self.values.items()
            if f"{kind} {write_name(name)}" not in self.used
        ]
