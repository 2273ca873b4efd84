"""The names of one type on several dialects, as one name and its exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError

from ..datatypes import DataType
from ..errors import TypeNameError
from .custom import compile_text, is_compiled_by_hand
from .registry import thaw, types

BYTES: Final = {"postgresql": r"'\x{}'::bytea", "mssql": "0x{}", "oracle": "HEXTORAW('{}')"}
"""The literals of bytes, of dialects that do not write them as standard SQL does."""

NamedTypes: TypeAlias = tuple[tuple[Dialect, DataType], ...]


@lru_cache(maxsize=1024)
def most_common_name(counted: NamedTypes, others: NamedTypes = ()) -> tuple[str, Mapping[str, str]]:
    """Return the name that most dialects have for a type, and the names of the others.

    Args:
        counted: the names that are counted; a tie goes to the first dialect.
        others: names that are kept, but not counted.

    >>> from sqlalchemy.dialects import mysql, postgresql, sqlite
    >>> char, uuid = DataType.parse("CHAR(32)"), DataType.parse("postgresql.UUID")
    >>> name, variants = most_common_name(
    ...     ((postgresql.dialect(), uuid), (sqlite.dialect(), char), (mysql.dialect(), char))
    ... )
    >>> name, dict(variants)
    ('CHAR(32)', {'postgresql': 'postgresql.UUID'})
    """
    named_by = _most_portable(counted + others)
    # Counter keeps the order of insertion, and so does most_common() for equal counts.
    counts = Counter(named.text for _, named in named_by[: len(counted)])
    name = counts.most_common(1)[0][0]
    return name, exceptions({dialect.name: named.text for dialect, named in named_by}, name)


def exceptions(named_by: Mapping[str, str], name: str) -> Mapping[str, str]:
    """Return the names that differ from `name`, in the order of the dialects' names.

    >>> dict(exceptions({"sqlite": "JSON", "postgresql": "postgresql.JSONB"}, "JSON"))
    {'postgresql': 'postgresql.JSONB'}
    """
    return MappingProxyType(
        {each: named_by[each] for each in sorted(named_by) if named_by[each] != name}
    )


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


def without_prefix(named: DataType) -> DataType:
    """Leave out the prefix.

    >>> str(without_prefix(DataType.parse("mysql.ENUM('a')")))
    "ENUM('a')"
    """
    prefix, _, name = named.name.rpartition(".")
    return DataType(name, named.args, named.kwargs) if prefix else named


def _most_portable(named_by: NamedTypes) -> NamedTypes:
    """Let more dialects agree on a portable name, where it means the same to them.

    A decorator that returns `dialect.type_descriptor(JSON())` gets `mysql.JSON`, `sqlite.JSON`, ...
    """
    best = named_by
    most = max(Counter(named for _, named in named_by).values())
    for candidate in sorted({without_prefix(named) for _, named in named_by}, key=str):
        is_canonical = types.is_canonical_name(candidate.name)
        if most == len(named_by) or candidate.name == "CUSTOM" or not is_canonical:
            continue
        agreeing = tuple(
            (dialect, candidate if _is_same(candidate, named, dialect) else named)
            for dialect, named in named_by
        )
        count = sum(named == candidate for _, named in agreeing)
        if count > most:
            best, most = agreeing, count
    return best


def _is_same(candidate: DataType, named: DataType, dialect: Dialect) -> bool:
    if "." not in named.name:
        return candidate == named
    # The DDL of a column shows neither CREATE TYPE nor whether it is executed.
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
