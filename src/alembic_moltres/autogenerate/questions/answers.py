"""What a person has answered with `-x`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...errors import OptionError
from ...options import moltres_values
from .names import parse_name, split
from .question import NONE, RENAME, shell_argument


@dataclass(frozen=True, slots=True)
class Told:
    """A rename that a person tells of.

    Attributes:
        value: as it was typed.
        current: the dotted name before.
        desired: the name afterwards; with its table's, if that was typed.
    """

    value: str
    current: tuple[str, ...]
    desired: tuple[str, ...]


@dataclass(slots=True)
class Answers:
    """The answers of one command, and which of them were of use.

    Attributes:
        renames: those that name both names.
        none: the kinds whose other questions are all answered with no.
        used: the answers, as they were typed, that fitted something.
    """

    renames: list[Told] = field(default_factory=list)
    none: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, arguments: Iterable[str]) -> Answers:
        """Read what stands behind each `-x`.

        Raises:
            OptionError: an answer has another form.
        """
        answers = cls()
        for value in moltres_values(arguments, RENAME):
            for each in filter(None, map(str.strip, split(value, ","))):
                answers._add_rename(each)
        return answers

    def _add_rename(self, value: str) -> None:
        if value.lower() == NONE:
            self.none.add(RENAME)
            return
        parts = split(value, ":")
        if len(parts) != 2 or not all(map(str.strip, parts)):
            raise OptionError(
                f"-x moltres.rename={value} is no rename; write table.column:name, table:name, "
                f"or {NONE}",
                value,
            )
        current, desired = map(parse_name, parts)
        self.renames.append(Told(value, current, desired))

    def unused(self) -> list[str]:
        """Return the answers that fitted nothing, as they are typed."""
        return [
            shell_argument(RENAME, each.value)
            for each in self.renames
            if each.value not in self.used
        ]
