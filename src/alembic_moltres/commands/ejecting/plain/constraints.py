"""Constraints, indexes and whole tables in a plain script."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from ....autogenerate.script.formatting import Bracketed, Written, literal, write
from ....convert.expressions import escaped_text
from ....schema import (
    SQL,
    CheckConstraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ....schema.names import qualified_name
from .writer import NoEquivalentError, Writer, list_of

Keywords = dict[str, Written]


def options(writer: Writer, given: Mapping[str, Any]) -> Keywords:
    """Return dialect options as keywords."""
    return {
        key: writer.expression(each) if isinstance(each, SQL) else write(each)
        for key, each in given.items()
    }


def schema_keyword(schema: str | None) -> Keywords:
    """Return the keyword of a schema, none for the default one."""
    return {} if schema is None else {"schema": literal(str(schema))}


def shared(writer: Writer, constraint: Any, *, deferrable: bool = True) -> Keywords:
    """Return the keywords common to all constraints."""
    keywords: Keywords = {}
    if constraint.comment is not None:
        raise NoEquivalentError(f"{constraint!r} has a comment", constraint)
    if constraint.name is not None:
        keywords["name"] = writer.name(constraint.name)
    if deferrable and constraint.deferrable is not None:
        keywords["deferrable"] = repr(constraint.deferrable)
    if deferrable and constraint.initially is not None:
        keywords["initially"] = literal(constraint.initially)
    return keywords | options(writer, constraint.dialect_options)


def names(columns: tuple[str, ...]) -> list[Written]:
    """Return column names as literals."""
    return [literal(str(each)) for each in columns]


@singledispatch
def constraint_of(constraint: Any, writer: Writer) -> Written:
    """Return a constraint as an argument of `Table`.

    Raises:
        NoEquivalentError: SQLAlchemy cannot express a part of it.
    """
    raise NoEquivalentError(f"{constraint!r} has no equivalent", constraint)


@constraint_of.register
def _(constraint: PrimaryKeyConstraint, writer: Writer) -> Written:
    keywords = shared(writer, constraint)
    return writer.of_sa("PrimaryKeyConstraint", *names(constraint.columns), **keywords)


@constraint_of.register
def _(constraint: UniqueConstraint, writer: Writer) -> Written:
    keywords = shared(writer, constraint)
    return writer.of_sa("UniqueConstraint", *names(constraint.columns), **keywords)


@constraint_of.register
def _(constraint: CheckConstraint, writer: Writer) -> Written:
    return check_of(writer, constraint)


def check_of(writer: Writer, constraint: CheckConstraint) -> Written:
    """Return `sa.CheckConstraint(...)`."""
    text = literal(escaped_text(writer.text(constraint.expression)))
    return writer.of_sa("CheckConstraint", text, **shared(writer, constraint))


@constraint_of.register
def _(constraint: ForeignKeyConstraint, writer: Writer) -> Written:
    schema, table = constraint.references_schema, constraint.references_table
    owner = qualified_name(table, schema)
    referred = names(tuple(f"{owner}.{each}" for each in constraint.references_columns))
    keywords = shared(writer, constraint) | of_key(constraint)
    if constraint.use_alter:
        keywords["use_alter"] = "True"
    return writer.of_sa(
        "ForeignKeyConstraint", list_of(names(constraint.columns)), list_of(referred), **keywords
    )


def of_key(key: ForeignKeyConstraint) -> Keywords:
    """Return the keywords of a foreign key."""
    given = {"ondelete": key.on_delete, "onupdate": key.on_update, "match": key.match}
    return {name: literal(each) for name, each in given.items() if each is not None}


@constraint_of.register
def _(constraint: ExcludeConstraint, writer: Writer) -> Written:
    elements, keywords = exclude_arguments(constraint, writer)
    return writer.call(writer.of_dialect("ExcludeConstraint"), *elements, **keywords)


def exclude_arguments(
    constraint: ExcludeConstraint, writer: Writer
) -> tuple[list[Written], Keywords]:
    """Return the elements and keywords of an EXCLUDE constraint."""
    elements: list[Written] = [
        Bracketed("(", [element_of(each, writer), literal(operator)], ")")
        for each, operator in constraint.elements
    ]
    keywords = shared(writer, constraint)
    keywords["using"] = literal(constraint.using)
    if constraint.where is not None:
        keywords["where"] = writer.expression(constraint.where)
    if constraint.ops:
        keywords["ops"] = write(constraint.ops)
    return elements, keywords


def element_of(element: str | SQL, writer: Writer) -> Written:
    """Return an element of an index or an EXCLUDE constraint."""
    return writer.expression(element) if isinstance(element, SQL) else literal(str(element))


def index_arguments(index: Index, writer: Writer) -> tuple[Written, Written, Keywords]:
    """Return the name, the elements and the keywords of an index."""
    keywords: Keywords = {"unique": "True"} if index.unique else {}
    elements = list_of([element_of(each, writer) for each in index.elements])
    return writer.name(index.name), elements, keywords | options(writer, index.dialect_options)


def index_of(index: Index, writer: Writer) -> Written:
    """Return `sa.Index(...)`, as an argument of `Table`."""
    name, elements, keywords = index_arguments(index, writer)
    inside = elements.inside if isinstance(elements, Bracketed) else []
    return writer.of_sa("Index", name, *inside, **keywords)
