"""Enum types beside their tables: PostgreSQL's, created and dropped without DO blocks.

An existing type is left as it is: a column keeps the labels with which it was created, so a
comparison finds a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import ENUM, CreateEnumType
from sqlalchemy.ext.compiler import compiles

from ...errors import OperationError
from ..postgresql.create_types import (
    CreateNamedType,
    DropNamedType,
    create_types,
    drop_types,
    type_statements,
)

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler

__all__ = ["CreateNamedType", "DropNamedType", "create_types", "drop_types", "type_statements"]


@compiles(CreateNamedType, "duckdb")
def _create(element: CreateNamedType, compiler: DDLCompiler, **_: Any) -> str:
    if not isinstance(element.type, ENUM):
        raise OperationError(
            f"duckdb has no domains (at the type {element.name!r}); give the column the type and a "
            "check, with type_variants",
            element.type,
        )
    create = compiler.process(CreateEnumType(element.type))
    return create.replace("CREATE TYPE", "CREATE TYPE IF NOT EXISTS", 1)


@compiles(DropNamedType, "duckdb")
def _drop(element: DropNamedType, compiler: DDLCompiler, **_: Any) -> str:
    preparer: Any = compiler.preparer
    return f"DROP TYPE IF EXISTS {preparer.format_type(element.type)}"
