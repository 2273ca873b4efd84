"""What several dialects say of one type, brought to one name and the exceptions from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError

from alembic_moltres.datatypes import DataType
from alembic_moltres.errors import TypeNameError

from .custom import compile_text, is_compiled_by_hand
from .registry import thaw, types

BYTES: Final = {"postgresql": r"'\x{}'::bytea", "mssql": "0x{}", "oracle": "HEXTORAW('{}')"}
"""How dialects write bytes, where not as standard SQL."""

ProbeResults: TypeAlias = tuple[tuple[Dialect, DataType], ...]


@lru_cache(maxsize=1024)
def agree(voters: ProbeResults, others: ProbeResults = ()) -> tuple[str, Mapping[str, str]]:
    """Give the name that most of the voters say, and the names that other dialects say.

    Args:
        voters: the answers that count; a tie goes to the dialect that stands first.
        others: answers that are kept, but do not count.

    >>> from sqlalchemy.dialects import mysql, postgresql, sqlite
    >>> char, uuid = DataType.parse("CHAR(32)"), DataType.parse("postgresql.UUID")
    >>> name, variants = agree(
    ...     ((postgresql.dialect(), uuid), (sqlite.dialect(), char), (mysql.dialect(), char))
    ... )
    >>> name, dict(variants)
    ('CHAR(32)', {'postgresql': 'postgresql.UUID'})
    """
    said = _most_portable(voters + others)
    # Counter keeps the order of first sight, and so does most_common() for equal counts.
    votes = Counter(named.text for _, named in said[: len(voters)])
    name = votes.most_common(1)[0][0]
    return name, exceptions({dialect.name: named.text for dialect, named in said}, name)


def exceptions(said: Mapping[str, str], name: str) -> Mapping[str, str]:
    """Give what differs from the name, in the order of the dialects' names.

    >>> dict(exceptions({"sqlite": "JSON", "postgresql": "postgresql.JSONB"}, "JSON"))
    {'postgresql': 'postgresql.JSONB'}
    """
    return MappingProxyType({each: said[each] for each in sorted(said) if said[each] != name})


def bytes_literal(value: bytes, names: Iterable[str]) -> str:
    r"""Return the DDL text of a string of bytes; SQLAlchemy's own literals decode it.

    Args:
        value: the bytes.
        names: a dialect's name, then those of the dialects that it extends.

    >>> bytes_literal(b"\x00a", ["mysql"]), bytes_literal(b"\x00a", ["postgresql"])
    ("X'0061'", "'\\x0061'::bytea")
    """
    forms = (BYTES[name] for name in names if name in BYTES)
    return next(forms, "X'{}'").format(value.hex())


def bare(named: DataType) -> DataType:
    """Leave out the prefix.

    >>> str(bare(DataType.parse("mysql.ENUM('a')")))
    "ENUM('a')"
    """
    prefix, _, name = named.name.rpartition(".")
    return DataType(name, named.args, named.kwargs) if prefix else named


def _most_portable(said: ProbeResults) -> ProbeResults:
    """Let more dialects agree on a portable name, where it means the same to them.

    A decorator that returns `dialect.type_descriptor(JSON())` gets `mysql.JSON`, `sqlite.JSON`, ...
    """
    best = said
    most = max(Counter(named for _, named in said).values())
    for candidate in sorted({bare(named) for _, named in said}, key=str):
        if most == len(said) or candidate.name == "CUSTOM" or not types.bears(candidate.name):
            continue
        agreeing = tuple(
            (dialect, candidate if _is_same(candidate, named, dialect) else named)
            for dialect, named in said
        )
        count = sum(named == candidate for _, named in agreeing)
        if count > most:
            best, most = agreeing, count
    return best


def _is_same(candidate: DataType, named: DataType, dialect: Dialect) -> bool:
    if "." not in named.name:
        return candidate == named
    # The DDL of a column does not show what is in CREATE TYPE, and whether that is made.
    creation = {(each.args, each.kwargs.get("create_type")) for each in (candidate, named)}
    if candidate.name == "ENUM" and len(creation) > 1:
        return False
    try:
        live = [thaw(each) for each in (candidate, named)]
        texts = [compile_text(each, dialect) for each in live]
    except (TypeNameError, CompileError):
        return False
    if any(is_compiled_by_hand(type(each), dialect.name) for each in live):
        return False  # the text is the application's, which a script does not import
    return texts[0] == texts[1]
