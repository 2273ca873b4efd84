"""The head of a script: the import line and the constants with its tables.

All of it is one entry of `autogen_context.imports` that sorts last, because Alembic joins the
sorted entries into the template's `${imports}`.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import dialects

from ... import schema as values
from ...schema import TableSchema
from .formatting import INDENT, WIDTH, Bracketed, Written, comment, write
from .table_constants import TableConstants

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


COMMENT = comment("Tables as this revision knows them. They do not change when the models do.")

ALWAYS_TAKEN = frozenset(
    [
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *("TableSchema", "Decimal"),
        *(name for name in values.__all__ if name.islower()),
        *("op", "sa", "batch_op", "upgrade", "downgrade"),
        *("revision", "down_revision", "branch_labels", "depends_on"),
        *dialects.__all__,  # Alembic imports these when needed
    ]
)
"""Names that a script may contain although its template does not."""

READ_BY_MAKO = re.compile(r"if|try|elif|while|for|with|def|class|else|except|finally")
"""Mako's indent keywords; names that start with one are avoided (`exceptions.add_column(`)."""

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_NOT_CODE = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|\'[^\'\n]*\'|#.*')


class ScriptHead(str):
    """The entry of `imports` with a script's constants; it sorts after plain strings."""

    __slots__ = ("constants",)

    constants: Constants

    def __lt__(self, other: str) -> bool:
        return False

    def __gt__(self, other: str) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:  # of the object: it is replaced often, and long
        return object.__hash__(self)


class Constants:
    """The constants of one script, and the constructor functions that it calls.

    Args:
        taken: names that no constant may have.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*ALWAYS_TAKEN, *map(normalized, taken)}
        self._variables: set[str] = set()
        self._functions: set[str] = set()
        self._names: dict[str, str] = {}
        self._by_identity: dict[int, tuple[TableSchema, str]] = {}
        self._tables = TableConstants(self._shared)
        self._placed = ScriptHead()
        self._is_changed = True

    @classmethod
    def of(cls, autogen_context: AutogenContext) -> Constants:
        """Return the constants of the script being rendered."""
        heads = [entry for entry in autogen_context.imports if isinstance(entry, ScriptHead)]
        constants = heads[0].constants if heads else cls(template_names(autogen_context))
        for entry in autogen_context.imports:
            if not isinstance(entry, ScriptHead):
                constants.reserve(_IDENTIFIER.findall(entry))
        return constants

    def reserve(self, names: Iterable[str]) -> None:
        """Reserve names, so that no constant gets them."""
        self._taken.update(map(normalized, names))

    def place(self, autogen_context: AutogenContext) -> None:
        """Put the current head into the script's imports."""
        imports = autogen_context.imports
        if self._placed in imports and not self._is_changed:
            return
        imports.discard(self._placed)
        if "Decimal" in self._functions:
            imports.add("from decimal import Decimal")
        self._placed = ScriptHead(self.head())
        self._placed.constants = self
        self._is_changed = False
        if self._placed:
            imports.add(self._placed)

    def table(self, schema: TableSchema, wanted: str) -> str:
        """Return the name of the constant that holds a table; equal texts share one.

        Args:
            schema: the table.
            wanted: the name, with a number appended if it is taken.
        """
        known = self._by_identity.get(id(schema))
        if known is not None:
            return known[1]
        written = write(schema)
        text = written if isinstance(written, str) else written.flat
        name = self._names.get(text)
        if name is None:
            self.use(written)
            name = self._names[text] = self._free(wanted)
            self._tables.add(name, written)
        self._by_identity[id(schema)] = (schema, name)
        return name

    def variable(self, table: str) -> str:
        """Return a variable for a table in its block: its name in lower case, if that is free."""
        base = _letters(normalized(table).lower())
        if not base.isidentifier() or READ_BY_MAKO.match(base):
            base = f"table_{base}"
        taken = self._taken | self._functions
        name = _numbered(f"{base}_table", taken) if base in taken else base
        self._variables.add(name)
        return name

    def use(self, written: Written) -> None:
        """Import the functions that an expression calls."""
        self._is_changed = True
        if isinstance(written, Bracketed):
            self._functions.update(written.functions())

    def use_function(self, name: str) -> None:
        """Import one more function of this package."""
        self._is_changed = True
        self._functions.add(name)

    def head(self) -> str:
        """Return the import line and the constants."""
        functions = self._functions - {"Decimal"}
        line = import_line(functions) if functions else ""
        return f"{line}\n\n{COMMENT}\n{self._tables.text()}" if self._tables else line

    def _shared(self, wanted: str) -> str:
        """Return a free name for a value that tables repeat."""
        base = _letters(wanted).lower()
        base = base if base.isidentifier() and not READ_BY_MAKO.match(base) else f"shared_{base}"
        name = _numbered(base, self._taken | self._variables | self._functions)
        self._taken.add(name)
        return name

    def _free(self, wanted: str) -> str:
        base = normalized(wanted) if wanted.isidentifier() else camel_case(wanted)
        name = _numbered(base, self._taken | self._variables)
        self._taken.add(name)
        return name


def normalized(name: str) -> str:
    """Return a name as Python's parser normalises it (NFKC).

    >>> normalized("\ufb01le")
    'file'
    """
    return unicodedata.normalize("NFKC", name)


def _letters(name: str) -> str:
    """Return a name with underscores for characters that identifiers cannot have."""
    return "".join(c if f"_{c}".isidentifier() else "_" for c in normalized(name))


def _numbered(base: str, taken: Collection[str]) -> str:
    """Return a name, with a number appended if it is taken."""
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}{number}"
    return name


def import_line(functions: Collection[str]) -> str:
    """Return the import of the names that a script uses, classes first, as `ruff` sorts it.

    >>> import_line({"column", "check", "TableSchema"})
    'from alembic_moltres import TableSchema, check, column'
    """
    names = sorted(functions, key=lambda name: (name.islower(), name))
    line = f"from alembic_moltres import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    inside = "".join(f"{INDENT}{name},\n" for name in names)
    return f"from alembic_moltres import (\n{inside})"


def camel_case(name: str) -> str:
    """Return a table's name in CamelCase, as a class name.

    >>> camel_case("order_items"), camel_case("2020 totals"), camel_case("USERS")
    ('OrderItems', 'Table2020Totals', 'Users')
    """
    parts = _letters(name).split("_")
    joined = "".join(w.capitalize() if w.isupper() else w[:1].upper() + w[1:] for w in parts)
    name = joined if joined.isidentifier() else f"Table{joined}"
    return normalized(name)  # upper() may give several letters, and accents normalise


def template_names(autogen_context: AutogenContext) -> set[str]:
    """Return the names in the code of the project's `script.py.mako`."""
    script = autogen_context.migration_context.script
    template = None if script is None else Path(script.dir, "script.py.mako")
    if template is None or not template.is_file():
        return set()
    code = _NOT_CODE.sub("", template.read_text(encoding="utf-8"))
    return set(_IDENTIFIER.findall(code))
