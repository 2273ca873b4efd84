"""Names in the values of `-x`: `schema.table.column:name`, quoted as in SQL where necessary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

PLAIN = re.compile(r"\w+")


def split(text: str, mark: str) -> list[str]:
    """Split a text at marks that are outside of double quotes.

    >>> split('a:b,"c,d":e', ",")
    ['a:b', '"c,d":e']
    """
    return list(_parts(text, mark))


def _parts(text: str, mark: str) -> Iterator[str]:
    begin, quoted = 0, False
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == mark and not quoted:
            yield text[begin:at]
            begin = at + 1
    yield text[begin:]


def parse_name(text: str) -> tuple[str, ...]:
    """Return the parts of a dotted name without their quotes.

    >>> parse_name('users."e.mail"')
    ('users', 'e.mail')
    """
    parts = []
    for part in split(text.strip(), "."):
        quoted = len(part) > 1 and part[0] == part[-1] == '"'
        parts.append(part[1:-1].replace('""', '"') if quoted else part)
    return tuple(parts)


def write_name(parts: Iterable[str | None]) -> str:
    """Return a dotted name, the inverse of `parse_name`; `None` parts are left out.

    >>> write_name([None, "users", "e.mail"])
    'users."e.mail"'
    """
    return ".".join(
        part if PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"'
        for part in parts
        if part is not None
    )
