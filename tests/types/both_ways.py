"""One type, read in both directions, on the DDL of every dialect."""

from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN, CreateDomainType, CreateEnumType
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, CompileError, NoSuchModuleError
from sqlalchemy.types import TypeEngine

from alembic_moltres.datatypes import DataType
from alembic_moltres.types import (
    canonical_type_name,
    freeze_type,
    moltres_type_to_sqlalchemy_type,
    sqlalchemy_type_to_moltres_type,
    thaw_type,
)

SHIPPED = ("sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle")


def dialect(name: str) -> Dialect:
    return sa.URL.create(name).get_dialect()()


def _dialects() -> tuple[Dialect, ...]:
    found = [dialect(name) for name in SHIPPED]
    with suppress(NoSuchModuleError):  # it has no release for every SQLAlchemy
        found.append(dialect("cockroachdb"))
    return tuple(found)


DIALECTS = _dialects()


def ddl(type_: TypeEngine[Any]) -> dict[str, str]:
    """Give the DDL of a type on every dialect, or the kind of error where there is none."""
    found: dict[str, str] = {}
    for each in DIALECTS:
        try:
            found[each.name] = type_.compile(each)
        except (CompileError, ArgumentError, TypeError, AttributeError) as err:
            found[each.name] = type(err).__name__
    return found


def created(type_: TypeEngine[Any]) -> str | None:
    """Give the DDL of a type that PostgreSQL makes before its table."""
    postgresql = DIALECTS[1]
    try:
        if isinstance(type_, DOMAIN):
            return str(CreateDomainType(type_).compile(dialect=postgresql))
        if isinstance(type_, sa.Enum):
            return str(CreateEnumType(type_).compile(dialect=postgresql))
    except CompileError as err:
        return str(err)
    return None


def assert_both_ways(name: str, type_: TypeEngine[Any]) -> None:
    """Assert the law of the house for one type and its canonical name."""
    thawed = moltres_type_to_sqlalchemy_type(name)

    assert name == sqlalchemy_type_to_moltres_type(type_)
    assert type(type_) is type(thawed)
    assert ddl(type_) == ddl(thawed)
    assert created(type_) == created(thawed)
    assert name == sqlalchemy_type_to_moltres_type(thawed)
    assert name == str(DataType.parse(name)) == canonical_type_name(name)
    assert thawed is not moltres_type_to_sqlalchemy_type(name)


def assert_frozen(name: str, variants: dict[str, str], type_: TypeEngine[Any]) -> None:
    """Assert what a type freezes to, that every dialect writes the same DDL, and that it is stable."""
    frozen = freeze_type(type_, DIALECTS)
    thawed = thaw_type(frozen.type_name, frozen.variants)

    assert (name, variants) == (frozen.type_name, dict(frozen.variants))
    assert ddl(type_) == ddl(thawed)
    assert frozen == freeze_type(thawed, DIALECTS)
