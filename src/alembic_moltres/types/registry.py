"""`TypeRegistry`: which class bears which name.

Not for walking a type (decorators, variants): that is `freeze.py`. Not for a dialect's names: each
dialect has its own table.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from alembic_moltres.errors import SchemaError, UnknownTypeError, did_you_mean

from .registration import AnyType, Registration


class TypeRegistry:
    """Find a registration by name or by class.

    The table of a dialect is read when it is first asked for.

    Args:
        tables: the module that holds the `TABLE` of each prefix.
        aliases: names that are read, but never written.

    >>> from sqlalchemy import Integer
    >>> from alembic_moltres.types.registration import line
    >>> types = TypeRegistry()
    >>> types.register(line("INTEGER", Integer))
    >>> types.named("INTEGER").cls is types.of(Integer).cls
    True
    """

    def __init__(
        self,
        tables: Mapping[str, str] = MappingProxyType({}),
        aliases: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._unread = dict(tables)
        self._aliases = aliases
        self._names: dict[str, Registration] = {}
        self._classes: dict[type[AnyType], Registration] = {}

    def register(self, registration: Registration) -> None:
        """Add one line.

        Raises:
            SchemaError: the name or the class is registered already.
        """
        name, cls = registration.name, registration.cls
        if name in self._names:
            raise SchemaError(f"type name {name} is registered already; choose another", name)
        if cls is not None and cls in self._classes:
            taken = self._classes[cls].name
            raise SchemaError(f"{cls.__name__} is registered already, as {taken}", cls)
        self._names[name] = registration
        if cls is not None:
            self._classes[cls] = registration

    def of(self, cls: type[AnyType]) -> Registration | None:
        """Give the registration of exactly this class."""
        found = self._classes.get(cls)
        if found is None and self._unread and cls.__module__.startswith("sqlalchemy.dialects."):
            self._read(cls.__module__.split(".")[2])
            found = self._classes.get(cls)
        return found

    def named(self, name: str) -> Registration:
        """Give the registration of a name, or of an alias of it.

        Raises:
            UnknownTypeError: with the nearest known name.
        """
        prefix = name.partition(".")[0] if "." in name else ""
        self._read(prefix)
        found = self._names.get(name) or self._alias(name, prefix)
        if found is None:
            for unread in tuple(self._unread):
                self._read(unread)
            hint = did_you_mean(name, self._names) or "; register one with register_type(...)"
            raise UnknownTypeError(f"no type is registered as {name}{hint}", name)
        return found

    def bears(self, name: str) -> bool:
        """Tell whether a name is a canonical one, and of a type that is installed."""
        found = self._names.get(name)
        return found is not None and found.cls is not None

    def names(self) -> tuple[str, ...]:
        """Give every name that has been read so far, in order."""
        return tuple(sorted(self._names))

    def _alias(self, name: str, prefix: str) -> Registration | None:
        other = self._aliases.get(name)
        if other is not None:
            return self.named(other)
        bare = name.removeprefix(f"{prefix}.")
        if prefix in {"", "sql"}:
            return self._names.get(bare if prefix else f"sql.{bare}")
        # A dialect's package also exports types that are not its own: postgresql.VARCHAR is
        # sql.VARCHAR.
        if prefix not in _PACKAGES:
            return None
        exported = getattr(import_module(_PACKAGES[prefix]), bare, None)
        return self.of(exported) if isinstance(exported, type) else None

    def _read(self, prefix: str) -> None:
        module = self._unread.pop(prefix, None)
        if module is None:
            return
        for other in [key for key, value in self._unread.items() if value == module]:
            del self._unread[other]
        for registration in import_module(module).TABLE:
            self.register(registration)


_PACKAGES: Final = MappingProxyType(
    {
        "postgresql": "sqlalchemy.dialects.postgresql",
        "mysql": "sqlalchemy.dialects.mysql",
        "mariadb": "sqlalchemy.dialects.mysql",
        "sqlite": "sqlalchemy.dialects.sqlite",
        "mssql": "sqlalchemy.dialects.mssql",
        "oracle": "sqlalchemy.dialects.oracle",
    }
)
