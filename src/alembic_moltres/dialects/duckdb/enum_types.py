"""Creates and drops enum types: PostgreSQL's statements without DO blocks.

An existing type is not changed. Since a column keeps the labels that it was created with, a
comparison finds the difference.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import CreateEnumType
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from ..postgresql.type_ddl import (
    CreateNamedType,
    DropNamedType,
    create_types,
    drop_enum_type,
    drop_types,
    refuse_domain,
    type_statements,
)

__all__ = ["CreateNamedType", "DropNamedType", "create_types", "drop_types", "type_statements"]


@compiles(CreateNamedType, "duckdb")
def _create(element: CreateNamedType, compiler: DDLCompiler, **_: Any) -> str:
    refuse_domain(element, compiler)
    create = compiler.process(CreateEnumType(element.type))
    return create.replace("CREATE TYPE", "CREATE TYPE IF NOT EXISTS", 1)


@compiles(DropNamedType, "duckdb")
def _drop(element: DropNamedType, compiler: DDLCompiler, **_: Any) -> str:
    return drop_enum_type(element, compiler)
