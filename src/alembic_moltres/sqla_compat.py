"""Every private name of SQLAlchemy that the package uses, each with its reason.

No other module uses a name of SQLAlchemy that starts with an underscore
(`tests/test_architecture.py` proves it), so if a release changes one, only this file changes.
Alembic's are in `alembic_compat`.
`tests/test_sqla_compat.py` has a test of each, which fails with the release that changes it.

The layer below `types`, because types, conversions, dialects and operations all need it; it imports
nothing of this package, and not Alembic.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import Constraint
from sqlalchemy.sql.base import _NONE_NAME
from sqlalchemy.sql.compiler import IdentifierPreparer
from sqlalchemy.sql.elements import TextClause, _truncated_label, conv
from sqlalchemy.sql.naming import _constraint_name_for_table
from sqlalchemy.types import TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import ExcludeConstraint
    from sqlalchemy.orm import registry
    from sqlalchemy.sql.ddl import DDLIf

# Tables and constraints


def creation_order(item: Constraint) -> int:
    """Return a sort key: the order in which constraints were written.

    `Table.constraints` is a set; CREATE TABLE sorts it by this.
    """
    return item._creation_order


def table_prefixes(table: sa.Table) -> list[str]:
    """Return the keywords between CREATE and TABLE; publicly `prefixes` is write-only."""
    return list(table._prefixes)


def dependencies(table: sa.Table) -> set[sa.Table]:
    """Return the tables that `add_is_dependent_on()` has added to a table."""
    return table._extra_dependencies


def sequences_of(metadata: sa.MetaData) -> list[sa.Sequence]:
    """Return the sequences of a `MetaData`, those of its columns included."""
    return list(metadata._sequences.values())


def has_implicit_columns(key: sa.PrimaryKeyConstraint) -> bool:
    """Tell whether a primary key puts its autoincrement column first in DDL.

    It does if it was made of `Column(primary_key=True)`. The constructor takes the same flag, see
    `primary_key`.
    """
    return key._implicit_generated


def primary_key(*columns: Any, implicit: bool, **stated: Any) -> sa.PrimaryKeyConstraint:
    """Return a primary key for which `has_implicit_columns` is `implicit`."""
    return sa.PrimaryKeyConstraint(*columns, _implicit_generated=implicit, **stated)


def index(name: str, *elements: Any, table: sa.Table | sa.TableClause, **stated: Any) -> sa.Index:
    """Return an index on a table that exists; on an `sa.table()` it can only be compiled.

    An index finds its table by a column among its elements; one of expressions in text has none.
    """
    if isinstance(table, sa.Table):
        return sa.Index(name, *elements, _table=table, **stated)
    made: Any = sa.Index(name, *elements, **stated)
    made.table = table
    return cast(sa.Index, made)


def exclude_elements(constraint: ExcludeConstraint) -> list[tuple[Any, str | None, Any]]:
    """Return an EXCLUDE constraint's expressions, names and operators, in the order of its DDL.

    Publicly it has the columns only, and the operators by their keys.
    """
    elements: list[tuple[Any, str | None, Any]] = list(constraint._render_exprs)
    return elements


# CHECK constraints: the rules and types by which they appear


def is_made_by_type(constraint: Constraint) -> bool:
    """Tell whether a CHECK belongs to a type (`Boolean`, `Enum`), which recreates it in a copy."""
    return bool(constraint._type_bound)


def create_rule(constraint: Constraint) -> Callable[[Any], bool] | None:
    """Return the function that decides whether a compiler writes a constraint inside its table.

    Types use it for CHECKs that native types replace; the argument is private, and `ddl_if` is not
    copied with the constraint.
    """
    rule: Callable[[Any], bool] | None = constraint._create_rule
    return rule


def check(
    expression: Any, *, rule: Callable[[Any], bool] | None, **stated: Any
) -> sa.CheckConstraint:
    """Return a CHECK that appears where `create_rule` returns true."""
    return sa.CheckConstraint(expression, _create_rule=rule, **stated)


def is_isolating(rule: object) -> bool:
    """Tell whether `AddConstraint(constraint)` has set a rule, so it is not for CREATE TABLE.

    The only mark of such a rule is the name of its method.
    """
    named: str | None = getattr(rule, "name", None) or getattr(rule, "__name__", None)
    return named == "_create_rule_disable"


def is_created(constraint: Constraint, compiler: Any) -> bool:
    """Tell whether CREATE TABLE has this constraint; its rule and its `ddl_if` decide."""
    return bool(constraint._should_create_for_compiler(compiler))


# `ddl_if` and `execute_if`


def ddl_condition(item: Any) -> DDLIf | None:
    """Return what `ddl_if` or `execute_if` gave a constraint, an index or DDL."""
    condition: DDLIf | None = item._ddl_if
    return condition


def set_ddl_condition(item: Any, condition: DDLIf | None) -> None:
    """Give an item another's condition, or none; `ddl_if` can neither take one nor remove it."""
    item._ddl_if = condition


def condition_holds(item: Any, element: Any, target: Any, compiler: Any) -> bool:
    """Evaluate an item's condition for the dialect of a compiler.

    Args:
        item: what has the condition; without one it is true.
        element: the DDL that a condition in Python gets as its first argument.
        target: what it gets as its second.
        compiler: of the dialect; there is no connection.
    """
    condition = item._ddl_if
    return condition is None or bool(
        condition._should_execute(element, target, None, compiler=compiler)
    )


# Foreign keys


def referred_names(element: sa.ForeignKey) -> tuple[str | None, str, str | None]:
    """Return schema, table and column of a target that is not there.

    Publicly there is `target_fullname`, in which a dot inside a name looks like a separator.
    """
    return element._column_tokens


def refer_to(element: sa.ForeignKey, column: sa.Column[Any]) -> None:
    """Point a foreign key at another column, of a table that replaces the one it knew."""
    element._set_target_column(column)


# Columns and names


def attach_default(default: sa.Computed | sa.Identity, column: sa.Column[Any]) -> None:
    """Give a column that exists a computed expression or an identity; publicly only a new one."""
    default._set_parent(column)


UNDECIDED_NAME: Final[Any] = _NONE_NAME
"""The name of a constraint that a naming convention names when its DDL is compiled."""

CONVENTION_NAMES: Final[type[str]] = _truncated_label
"""The class of names that a dialect may shorten: `conv` and those of `index=True`."""


def convention_name(constraint: Constraint | sa.Index, table: sa.Table) -> str | None:
    """Return the name that the naming convention of a table's `MetaData` gives a constraint.

    Raises:
        InvalidRequestError: the convention needs a name, and there is none.
    """
    decide: Any = _constraint_name_for_table
    name: str | None = decide(constraint, table)
    return name


def truncated_name(preparer: IdentifierPreparer, name: str, limit: int) -> str:
    """Return a name as a dialect shortens it to `limit`, unquoted; publicly it comes quoted."""
    shortened: Any = preparer._truncate_and_render_maxlen_name(
        conv(name), limit, _alembic_quote=False
    )
    return str(shortened)


def has_parameters(text: TextClause) -> bool:
    """Tell whether a `text()` has a `:name`; the public way is to compile it."""
    return bool(text._bindparams)


# Types


def type_affinity(type_: TypeEngine[Any]) -> type[TypeEngine[Any]] | None:
    """Return the class by which SQLAlchemy decides that a key autoincrements.

    A `Float` has that of `Numeric` whether it is a subclass (2.0) or not (2.1).
    """
    return type_._type_affinity


def reflected_sqlite_type(dialect: Dialect, text: str) -> TypeEngine[Any]:
    """Return the type that reflection makes of a column's type in SQLite's DDL."""
    found: TypeEngine[Any] = cast("Any", dialect)._resolve_type_affinity(text.upper())
    return found


def variants_of(type_: TypeEngine[Any]) -> Mapping[str, TypeEngine[Any]]:
    """Return what `with_variant` gave, by the name of the dialect; publicly it is write-only.

    >>> variants_of(sa.String().with_variant(sa.Text(), "mysql"))
    immutabledict({'mysql': Text()})
    """
    return type_._variant_mapping


def add_variants(type_: TypeEngine[Any], variants: Mapping[str, TypeEngine[Any]]) -> None:
    """Give a type variants in place.

    `with_variant` would copy it first, and a copy of a DOMAIN loses its check in SQLAlchemy 2.0.
    """
    type_._variant_mapping = type_._variant_mapping.union(variants)


def storage_format(type_: Any) -> str:
    """Return the `storage_format` that a SQLite date or time was given; nothing else reads it."""
    stated: str = type_._storage_format
    return stated


# `@compiles`


def is_sqlalchemy_class(cls: type[Any]) -> bool:
    """Tell whether a class is SQLAlchemy's own, and compiled by SQLAlchemy's own code."""
    return cls.__module__.startswith("sqlalchemy.") and not has_compiles(cls)


def has_compiles(cls: type[Any]) -> bool:
    """Tell whether `@compiles` was used on a class or a base of it; it leaves no other trace."""
    return hasattr(cls, "_compiler_dispatcher")


def has_own_compiles(cls: type[Any]) -> bool:
    """Tell whether `@compiles` has been used on this very class."""
    return "_compiler_dispatcher" in vars(cls)


def dispatches_itself(cls: type[Any]) -> bool:
    """Tell whether a class decides how it is compiled: by `__visit_name__`, or by `@compiles`."""
    return "_compiler_dispatch" in vars(cls)


def compiles_function(cls: type[Any], dialect_name: str) -> Callable[..., str] | None:
    """Return what `@compiles` on this very class calls for a dialect.

    Beside `@compiles(cls, "sqlite")` SQLAlchemy keeps the class's former way as the default, in a
    function of `sqlalchemy.ext.compiler`.
    """
    specs: Mapping[str, Callable[..., str]] = vars(cls)["_compiler_dispatcher"].specs
    return specs.get(dialect_name) or specs.get("default")


# Dialects


def has_dialect_arguments(item: Any) -> bool:
    """Tell whether a table, column, constraint or index has `postgresql_where` or the like.

    `dialect_kwargs` would do too, but it alone makes freezing a sixth slower.
    """
    by_dialect = vars(item).get("dialect_options")
    return bool(by_dialect) and any(each._non_defaults for each in by_dialect.values())


def dialect_arguments(construct: Any, dialect_name: str) -> tuple[list[str], Collection[str]]:
    """Return the names that a class of constructs takes after `postgresql_` and the like.

    There is no public listing. "*" is among them if any name is taken.

    Returns:
        The documented names; and since SQLAlchemy 2.1 those that only reflection sets, which the
        constructor takes, too.

    Raises:
        NoSuchModuleError: no such dialect is installed.
    """
    known: Any = construct._kw_reg_for_dialect_cls(dialect_name)
    return list(known), getattr(known, "_reflection_only_keys", ())


DOUBLES_PERCENTS: Final = "_double_percents"
"""The attribute of an `IdentifierPreparer`: are percent signs doubled, for a driver's parameters?

It is set from the paramstyle when the preparer is made, and read on every use.
"""

ESCAPES_BACKSLASHES: Final = "_backslash_escapes"
"""The attribute of PostgreSQL's and MySQL's dialects: are backslashes doubled in strings?

The dialect reads the server's `standard_conforming_strings` or `sql_mode` when it connects.
"""

ANSI_QUOTES: Final = "_server_ansiquotes"
"""The attribute of MySQL's dialects: has the server's `sql_mode` ANSI_QUOTES?"""


def doubles_percents(preparer: IdentifierPreparer) -> bool:
    """Return `DOUBLES_PERCENTS`."""
    return preparer._double_percents


def forget_compiled(dialect: Dialect, preparer: IdentifierPreparer) -> None:
    """Give copies of a dialect and its preparer their own caches.

    The caches have types' literal processors and quoted names; both depend on the paramstyle.
    """
    vars(dialect).pop("_type_memos", None)
    preparer._strings = {}


LOAD_ENUMS: Final = "_load_enums"
"""The method of PostgreSQL's dialect that reads enum types, for `get_enums` and reflection."""

LOAD_DOMAINS: Final = "_load_domains"
"""The same for domains."""

DETECT_CHARSET: Final = "_detect_charset"
"""The method of MySQL's dialects by which `initialize` asks a driver; each driver has its own."""


# Statements


def result_columns(compiled: Any) -> tuple[str, ...]:
    """Return the names of the columns that a compiled statement gives, in order.

    Publicly a result has them, which there is after executing only.
    """
    return tuple(each[0] for each in compiled._result_columns or ())


# The ORM


def is_in_block(connection: Connection) -> bool:
    """Tell whether a connection is inside `with connection.begin():`, which will end."""
    return connection._trans_context_manager is not None


def registries() -> Iterable[registry]:
    """Return every ORM registry; none if the ORM is not imported.

    A registry lists its mappers, but nothing public lists the registries.
    """
    mapperlib: Any = sys.modules.get("sqlalchemy.orm.mapper")
    return () if mapperlib is None else tuple(mapperlib._all_registries())
