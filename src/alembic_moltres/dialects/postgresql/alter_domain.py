"""Alters the type, CHECK, default or NOT NULL of a domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.dialects.postgresql import CreateDomainType
from sqlalchemy.engine import Dialect

from ...datatypes import DataType
from ...diff import AlterDomain
from ...diff.changes.domains import without_inner
from ...types import moltres_type_to_sqlalchemy_type
from ..base.ddl import DDLWriter
from ..base.statement import RawDDL, Statement
from ..base.statement_errors import compile_errors
from .do_block import do_block, filled, literal

FORMER = "moltres_former_domain"
"""The name of a domain while it is replaced."""

_DROP_CHECKS = """\
FOR step IN
        SELECT {alter} || ' DROP CONSTRAINT ' || quote_ident(conname)
        FROM pg_catalog.pg_constraint WHERE contypid = {which} AND contype = 'c'
    LOOP
        EXECUTE step;
    END LOOP;"""


def alter_domain(dialect: Dialect, change: AlterDomain) -> Iterator[Statement]:
    """Yield the statements that change a domain.

    ALTER DOMAIN changes neither the base type nor the collation, and does not check arrays. In
    these cases a new domain replaces it in every column.
    """
    before, after = change.types()
    subject = f"the domain {after.kwargs['name']!r}"
    ddl = DDLWriter(dialect, str(after.kwargs["name"]), None)
    with compile_errors(ddl.dialect, subject):
        domains = [_Domain(ddl, each) for each in (before, after)]
        if is_replaced(change):
            yield Statement(_exchanged(domains[1]), subject)
            return
        for text in _altered(*domains):
            yield Statement(text, subject)


def is_replaced(change: AlterDomain) -> bool:
    """Tell whether a new domain replaces the old one."""
    before, after = map(without_inner, change.types())
    if (before.args, before.kwargs.get("collation")) != (after.args, after.kwargs.get("collation")):
        return True
    return change.in_arrays and checks_rows(change)


def checks_rows(change: AlterDomain) -> bool:
    """Tell whether existing rows have to be checked."""
    former, wanted = (each.kwargs for each in change.types())
    return any(
        wanted.get(each) and former.get(each) != wanted[each] for each in ("check", "not_null")
    )


class _Domain:
    """A domain and the parts of its DDL."""

    def __init__(self, ddl: DDLWriter, type_: DataType) -> None:
        self.type, self._ddl = type_, ddl
        self.live: Any = moltres_type_to_sqlalchemy_type(type_)
        self.name = str(ddl.dialect.identifier_preparer.format_type(self.live))  # type: ignore[attr-defined]
        self.not_null = bool(type_.kwargs.get("not_null"))

    @property
    def create(self) -> str:
        """CREATE DOMAIN."""
        return str(self._ddl.write(CreateDomainType(self.live))).strip()

    @property
    def default(self) -> str | None:
        """The default as SQL."""
        if self.live.default is None:
            return None
        return str(self._ddl.compiler.render_default_string(self.live.default))

    @property
    def constraint(self) -> str | None:
        """The name of the CHECK, in quotes where it needs them."""
        name = self.live.constraint_name
        return None if name is None else self._ddl.quoted(str(name))

    @property
    def check(self) -> str | None:
        """The CHECK's condition as SQL."""
        if self.live.check is None:
            return None
        compiler = self._ddl.compiler.sql_compiler
        return str(compiler.process(self.live.check, include_table=False, literal_binds=True))


def _altered(current: _Domain, desired: _Domain) -> Iterator[RawDDL]:
    alter = f"ALTER DOMAIN {desired.name}"
    other_name = desired.constraint is not None and current.constraint != desired.constraint
    rechecked = current.check != desired.check or (desired.check is not None and other_name)
    if rechecked and current.check is not None:
        if current.constraint is None:
            yield _without_checks(desired.name)
        else:
            yield RawDDL(f"{alter} DROP CONSTRAINT {current.constraint}")
    if current.default != desired.default:
        default = f"SET DEFAULT {desired.default}" if desired.default else "DROP DEFAULT"
        yield RawDDL(f"{alter} {default}")
    if rechecked and desired.check is not None:
        named = f"CONSTRAINT {desired.constraint} " if desired.constraint else ""
        yield RawDDL(f"{alter} ADD {named}CHECK ({desired.check})")
    if current.not_null != desired.not_null:
        yield RawDDL(f"{alter} {'SET' if desired.not_null else 'DROP'} NOT NULL")


def _without_checks(name: str) -> RawDDL:
    """Return the block that drops the CHECKs of a domain, whatever their generated names are."""
    drop = _DROP_CHECKS.format(
        which=f"{literal(name)}::regtype", alter=literal(f"ALTER DOMAIN {name}")
    )
    block = do_block(f"DECLARE\n    step text;\nBEGIN\n    {drop}\nEND")
    return RawDDL(block, f"ALTER DOMAIN {name} DROP CONSTRAINT /* its CHECK */")


def _exchanged(desired: _Domain) -> RawDDL:
    """Return the block that replaces the existing domain by a new one of the same name.

    Defaults are dropped in between, because their text names the domain. If something else depends
    on the domain (a function, a view's column), the server refuses and nothing is changed.
    """
    alter = f"ALTER DOMAIN {desired.name}"
    parts = {
        "name": literal(desired.name),
        "drop_checks": _DROP_CHECKS.format(which="former", alter=literal(alter)),
        "rename": literal(f"{alter} RENAME TO {FORMER}"),
        "create": desired.create,
        "comment": literal(f"COMMENT ON DOMAIN {desired.name} IS "),
    }
    block = do_block(filled("exchange_domain.sql", parts))
    short = (
        f"ALTER DOMAIN {desired.name} /* replaced: {desired.create}; its columns are rewritten */"
    )
    return RawDDL(block, short)
