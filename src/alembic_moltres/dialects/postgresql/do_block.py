"""PostgreSQL's anonymous blocks, for decisions that depend on the database.

The text is the same online and with `--sql`. A body is finished SQL: it never goes through
`text()`, where a colon in a label would become a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ...sqltext import POSTGRESQL

PARAMETER = re.compile(r"/\*(\w+)\*/")
"""The placeholders of a block in a file."""


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
    """Return the body of a block that stands in a file, with its parameters."""
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
