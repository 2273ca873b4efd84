"""Which `DialectImpl` serves a dialect.

It is found by the dialect's exact name (a package or module below `dialects`), then by the entry
point `alembic_moltres.dialects`, then by the bases of its class, unless the generic impl claims the
name; any other dialect gets the generic impl.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sqlalchemy.engine import Dialect

from ...convert import lineage
from .impl import DialectImpl

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl

    from .execution import Execution

ENTRY_POINTS = "alembic_moltres.dialects"
"""The group of entry points whose names are dialects, and whose objects are `DialectImpl`s."""

DIALECTS = __package__.rpartition(".")[0]
NOT_DIALECTS = frozenset({"base", "generic"})


def impl_of(dialect: Dialect) -> DialectImpl:
    """Return the impl that serves a dialect.

    >>> from sqlalchemy.dialects import oracle, sqlite
    >>> type(impl_of(sqlite.dialect())).__name__, type(impl_of(oracle.dialect())).__name__
    ('SQLiteImpl', 'OracleImpl')
    """
    return _impl_class(lineage(dialect))(dialect)


def load_alembic_impl(name: str) -> None:
    """Register the Alembic impl of the dialect of that name, if we ship one.

    `plugin` calls it when Alembic looks for the impl of a dialect that it does not know.
    """
    impl_class = _shipped(name) or _installed(name)
    if impl_class is not None:
        impl_class.load_alembic_impl()


def execution_on(impl: DefaultImpl) -> Execution:
    """Return the `Execution` of statements that Alembic's `impl` executes or writes."""
    from .execution import Execution  # a comparison that finds nothing runs nothing

    return Execution(impl, impl_of(impl.dialect))


@cache
def _impl_class(names: tuple[str, ...]) -> type[DialectImpl]:
    exact, *bases = names
    impl_class = _named(exact)
    if impl_class is not None:
        return impl_class
    generic: type[DialectImpl] = import_module(f"{DIALECTS}.generic").IMPL
    if exact in generic.names:
        return generic
    return next(
        (impl_class for impl_class in map(_named, bases) if impl_class is not None), generic
    )


def _named(name: str) -> type[DialectImpl] | None:
    return _shipped(name) or _installed(name)


def _shipped(name: str) -> type[DialectImpl] | None:
    if not name.isidentifier() or name in NOT_DIALECTS or find_spec(f"{DIALECTS}.{name}") is None:
        return None
    impl_class: type[DialectImpl] = import_module(f"{DIALECTS}.{name}").IMPL
    return impl_class


def _installed(name: str) -> type[DialectImpl] | None:
    for entry_point in entry_points(group=ENTRY_POINTS, name=name):
        impl_class: type[DialectImpl] = entry_point.load()
        return impl_class
    return None
