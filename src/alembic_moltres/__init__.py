"""Model-driven migrations for Alembic: models are frozen into values, scripts carry the values.

    models ─── convert ───▶ values ─── diff ───▶ operations ─── autogenerate ───▶ script
    database ─ dialects ──▶ values                   └───── dialects ───▶ DDL
    scripts ── history ───▶ values of any revision, without a database

schema, datatypes        the values: `TableSchema` and what it is made of
types                    names for types
convert                  SQLAlchemy's tables and models to values and back
sqltext                  SQL text as tokens
diff                     changes as values, and the difference of two sets of tables
dialects                 a package or module for each database: reading, probing, writing, errors
operations               `op.moltres_*`
autogenerate             the comparison of the models with a database, and the scripts
history                  the state of a revision, from its scripts
runtime                  runs upgrades of a database in use
diagrams                 tables as Mermaid and Graphviz
commands                 `alembic-moltres`
dataframe                beside the Moltres library
pytest_plugin            fixtures for a project's own suite
plugin, options          what Alembic loads, and the options of `context.configure`
errors, messages         exceptions; text from outside on one line
translation              the base of blocks that translate exceptions
sqla_compat, alembic_compat   private names of SQLAlchemy and Alembic

Every public name is loaded on first use. Importing the package imports neither Alembic nor a
dialect, so it can be imported from the middle of `import alembic` (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .convert import (
        extract_foreign_keys,
        get_model_table_name,
        is_sqlalchemy_model,
        model_to_schema,
        schema_to_table,
    )
    from .datatypes import DataType
    from .dialects.base.reflection import reflect_table, reflect_tables
    from .errors import (
        FreezeError,
        MissingPackageError,
        MoltresError,
        NotAModelError,
        OperationError,
        QueryError,
        SchemaError,
        ThawError,
        TypeNameError,
        UnknownColumnError,
        UnknownTypeError,
        UnregisteredTypeError,
    )
    from .runtime.run import run_migrations
    from .schema import (
        DDL,
        SQL,
        CheckConstraint,
        ColumnDef,
        Computed,
        ExcludeConstraint,
        ForeignKeyConstraint,
        Identity,
        Index,
        Now,
        PrimaryKeyConstraint,
        Sequence,
        TableSchema,
        UniqueConstraint,
        check,
        column,
        computed,
        conv,
        ddl,
        decimal,
        exclude,
        foreign_key,
        identity,
        index,
        json,
        primary_key,
        quoted_name,
        sequence,
        sql,
        unique,
        uuid,
    )
    from .types import (
        moltres_type_to_sqlalchemy_type,
        register_type,
        sqlalchemy_type_to_moltres_type,
    )

__version__ = "0.1.0"

__all__ = [
    "DDL",
    "SQL",
    "CheckConstraint",
    "ColumnDef",
    "Computed",
    "DataType",
    "ExcludeConstraint",
    "ForeignKeyConstraint",
    "FreezeError",
    "Identity",
    "Index",
    "MissingPackageError",
    "MoltresError",
    "NotAModelError",
    "Now",
    "OperationError",
    "PrimaryKeyConstraint",
    "QueryError",
    "SchemaError",
    "Sequence",
    "TableSchema",
    "ThawError",
    "TypeNameError",
    "UniqueConstraint",
    "UnknownColumnError",
    "UnknownTypeError",
    "UnregisteredTypeError",
    "check",
    "column",
    "computed",
    "conv",
    "ddl",
    "decimal",
    "exclude",
    "extract_foreign_keys",
    "foreign_key",
    "get_model_table_name",
    "identity",
    "index",
    "is_sqlalchemy_model",
    "json",
    "model_to_schema",
    "moltres_type_to_sqlalchemy_type",
    "primary_key",
    "quoted_name",
    "reflect_table",
    "reflect_tables",
    "register_type",
    "run_migrations",
    "schema_to_table",
    "sequence",
    "sql",
    "sqlalchemy_type_to_moltres_type",
    "unique",
    "uuid",
]

_ELSEWHERE = {
    "extract_foreign_keys": "convert",
    "get_model_table_name": "convert",
    "is_sqlalchemy_model": "convert",
    "model_to_schema": "convert",
    "schema_to_table": "convert",
    "DataType": "datatypes",
    "FreezeError": "errors",
    "MissingPackageError": "errors",
    "MoltresError": "errors",
    "NotAModelError": "errors",
    "OperationError": "errors",
    "QueryError": "errors",
    "SchemaError": "errors",
    "ThawError": "errors",
    "TypeNameError": "errors",
    "UnknownColumnError": "errors",
    "UnknownTypeError": "errors",
    "UnregisteredTypeError": "errors",
    "moltres_type_to_sqlalchemy_type": "types",
    "reflect_table": "dialects.base.reflection",
    "reflect_tables": "dialects.base.reflection",
    "register_type": "types",
    "run_migrations": "runtime.run",
    "sqlalchemy_type_to_moltres_type": "types",
}
"""The modules of the names that are not in `schema`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(import_module(f".{_ELSEWHERE.get(name, 'schema')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
