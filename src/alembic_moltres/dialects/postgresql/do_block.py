"""DO blocks, for decisions that depend on the state of the database.

The text is the same online and with `--sql`. It is never passed to `text()`, where a colon in a
label would become a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ...sqltext import POSTGRESQL

PARAMETER = re.compile(r"/\*(\w+)\*/")
"""The placeholders in the file of a block."""


def do_block(body: str) -> str:
    """Return `body` as a DO statement, in dollar quotes that do not occur in it.

    >>> print(do_block("BEGIN NULL; END"))
    DO $moltres$
    BEGIN NULL; END
    $moltres$
    """
    tag, number = "$moltres$", 0
    while tag in body:
        number += 1
        tag = f"$moltres{number}$"
    return f"DO {tag}\n{body}\n{tag}"


def filled(name: str, parameters: Mapping[str, str]) -> str:
    """Return the body of a block from a file, with its parameters filled in."""
    return PARAMETER.sub(lambda match: parameters[match.group(1)], _template(name))


@cache
def _template(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def literal(text: str) -> str:
    r"""Return `text` as an SQL string literal, whatever `standard_conforming_strings` is.

    >>> print(literal("it's"), literal("a\\b"))
    'it''s' E'a\\b'
    """
    written = POSTGRESQL.literal(text)
    return "E" + written.replace("\\", "\\\\") if "\\" in text else written


def drop_unused(statement: str) -> str:
    """Return a DO statement that runs a DROP unless something still depends on the object."""
    return do_block(f"""\
BEGIN
    {statement};
EXCEPTION WHEN dependent_objects_still_exist THEN
    NULL;
END""")
