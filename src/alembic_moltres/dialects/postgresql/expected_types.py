"""The named types of the models: which the database has, and what stands in for the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import CreateDomainType
from sqlalchemy.engine import Connection, Dialect

from ...datatypes import DataType
from ...sqltext import POSTGRESQL
from ...types import moltres_type_to_sqlalchemy_type
from .named_types import NamedType, signature, types_by_name
from .text import quoted

ARRAYS = frozenset({"postgresql.ARRAY", "sql.ARRAY"})
ENUMS = frozenset({"postgresql.ENUM", "ENUM"})
DOMAIN = "postgresql.DOMAIN"


def named_type(type_name: str) -> DataType | None:
    """Return the enum or domain that a type is or is an array of, `None` if it is neither.

    >>> named_type("postgresql.ARRAY(ENUM('a',name='mood'))")
    DataType.parse("ENUM('a',name='mood')")
    """
    type_ = DataType.parse(type_name)
    while type_.name in ARRAYS and type_.args and isinstance(type_.args[0], DataType):
        type_ = type_.args[0]
    native = type_.name in ENUMS and type_.kwargs.get("native_enum", True)
    known = (native or type_.name == DOMAIN) and type_.kwargs.get("name")
    return type_ if known else None


class DesiredTypes:
    """The named types that the models have, beside those of these names in the database."""

    def __init__(
        self, existing: Iterable[NamedType], dialect: Dialect, default_schema: str | None
    ) -> None:
        self._existing = list(existing)
        self._dialect = dialect
        self._default_schema = default_schema
        self._spelt: dict[str, tuple[str, str]] = {}
        self.statements: dict[str, None] = {}
        """What makes the types in `pg_temp` that the database does not have."""

    def ddl(self, type_: DataType) -> str:
        """Return how a question names the type."""
        return self._spell(type_)[0]

    def signature(self, type_: DataType) -> str:
        """Return what the database says of a column of that type."""
        return self._spell(type_)[1]

    def _spell(self, type_: DataType) -> tuple[str, str]:
        found = self._spelt.get(type_.text)
        if found is None:
            found = self._spelt[type_.text] = self._resolve(type_)
        return found

    def _resolve(self, type_: DataType) -> tuple[str, str]:
        schema, name = type_.kwargs.get("schema"), str(type_.kwargs["name"])
        labels = tuple(map(str, type_.args)) if type_.name != DOMAIN else None
        kept = next(
            (
                each
                for each in self._existing
                if each.name == name and (each.visible if schema is None else each.schema == schema)
            ),
            None,
        )
        in_schema = str(schema or (kept.schema if kept else self._default_schema))
        said = signature(in_schema, name, labels)
        if kept is not None and kept.labels == labels:
            return f"{quoted(kept.schema)}.{quoted(name)}", said
        self.statements[self._create(type_, name, labels)] = None
        return f"pg_temp.{quoted(name)}", said

    def _create(self, type_: DataType, name: str, labels: tuple[str, ...] | None) -> str:
        if labels is not None:
            listed = ", ".join(POSTGRESQL.literal(label) for label in labels)
            return f"CREATE TYPE pg_temp.{quoted(name)} AS ENUM ({listed})"
        domain: Any = moltres_type_to_sqlalchemy_type(type_)
        compiler: Any = self._dialect.ddl_compiler
        written = compiler(self._dialect, None).process(CreateDomainType(domain))
        return re.sub(
            r"^CREATE DOMAIN .*? AS ", f"CREATE DOMAIN pg_temp.{quoted(name)} AS ", written
        )


def desired_types(
    connection: Connection, type_names: Iterable[str], dialect: Dialect
) -> DesiredTypes:
    """Return the named types among `type_names`, with what the database has of their names."""
    names = {str(found.kwargs["name"]) for each in type_names if (found := named_type(each))}
    existing = types_by_name(connection, names) if names else []
    return DesiredTypes(existing, dialect, connection.dialect.default_schema_name)
