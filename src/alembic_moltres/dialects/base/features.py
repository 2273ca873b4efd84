"""`Features`: the capabilities and naming rules of a database, as data.

The defaults are those of most databases, so an impl lists only differences. What is not a mere
value is a method of `DialectImpl`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...schema import FrozenMapping
from ...schema.base import EMPTY

MAPPINGS = (
    "sequence_spellings",
    "drop_column_options",
    "when_connected",
    "option_defaults",
    "equal_defaults",
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Features:
    """The capabilities of one database.

    Attributes:
        reads: its tables can be read and compared.
        tables_without_columns: a table may have no column.
        caseless_tables: `Users` and `users` are the same table.
        caseless_columns: `Id` and `id` are the same column, so a table cannot have both.
        index_names_in_schema: the name of an index is unique in a schema, not only in a table.
        keys_are_indexes: the index of a unique or primary key has the key's name.
        alters_columns: ALTER TABLE takes the type, the default and NOT NULL of a column.
        lists_keys_in_order: an inspector lists unique and foreign keys in the order of their
            definitions, not of their names, and only the first of two foreign keys that differ
            in no column, so that Alembic's batch mode loses the second.
        inspects_orders: an inspector tells the order of an index's column, DESC.
        keys_create_indexes: the server creates an index for a foreign key, under its name.
        unique_is_index: a unique constraint and a unique index are the same.
        index_comments: the database has COMMENT ON INDEX.
        index_comments_inside: CREATE INDEX takes COMMENT.
        folds_keys: CREATE TABLE merges a key into an earlier one over the same columns.
        checks_in_columns: a CHECK in a column's definition stays part of the column.
        nul_in_text: a string literal may have a NUL character.
        named_types: enum types and domains are named objects outside the tables.
        keeps_generated_names: generated names, made of a table's or a column's name, do not change
            when that is renamed.
        restates_columns: an ALTER TABLE that states an unchanged column again has an effect, if it
            converts the table to another character set.
        null_in_primary_keys: a column of a primary key may hold NULL unless it is declared not to.
        primary_key_has_name: a primary key is dropped by its name, not with DROP PRIMARY KEY.
        keys_across_schemas: a foreign key of the default schema may refer to that schema by its
            name.
        create_table_if_not_exists: CREATE TABLE takes IF NOT EXISTS.
        create_index_if_not_exists: CREATE INDEX takes IF NOT EXISTS.
        create_sequence_if_not_exists: CREATE SEQUENCE takes IF NOT EXISTS.
        drop_sequence_if_exists: DROP SEQUENCE takes IF EXISTS.
        alter_sequence_type: ALTER SEQUENCE takes AS and a type.
        sequence_spellings: the options of a sequence that differ from PostgreSQL's.
        savepoint_per_operation: Alembic commits after each statement, although DDL could be rolled
            back.
        implicit_commit: each statement of DDL is committed, and cannot be rolled back.
        begins_late: its Python driver begins a transaction only before the first INSERT, UPDATE or
            DELETE.
        error_name: the attribute of its driver's errors with the name of the code, if they have
            neither a number nor a SQLSTATE.
        errors_end_transactions: after an error a transaction can only be rolled back.
        drop_column_options: further arguments of Alembic's `drop_column`.
        database_options: the options of a table, without the dialect's prefix, whose default is the
            database's, which may have changed since the table was created.
        when_connected: attributes of SQLAlchemy's dialect that are set on connecting.
        option_defaults: the defaults of options of a table, by their names without the prefix.
        equal_defaults: further spellings of a server default, each with its common one.
        uncompared_options: options of a table, without the prefix, that cannot be altered or are
            counters.
        uncompared_item_options: options of constraints and indexes, without the prefix, that the
            database does not store.
        compared_prefixes: the prefixes of CREATE TABLE that can be altered.
        checks_first: CREATE TABLE creates CHECKs, then other keys, then foreign keys.
        generated_checks: matches the names that the server generates for a CHECK, and InnoDB for a
            foreign key.
        server_schemas: the server's own schemas; only a table there that the models have is
            compared.
        enum_package: another package that compares this database's enum types after us.
    """

    reads: bool = False
    tables_without_columns: bool = False
    caseless_tables: bool = False
    caseless_columns: bool = False
    index_names_in_schema: bool = False
    keys_are_indexes: bool = False
    alters_columns: bool = True
    lists_keys_in_order: bool = False
    inspects_orders: bool = False
    keys_create_indexes: bool = False
    unique_is_index: bool = False
    index_comments: bool = False
    index_comments_inside: bool = False
    folds_keys: bool = False
    checks_in_columns: bool = False
    nul_in_text: bool = False
    named_types: bool = False
    keeps_generated_names: bool = False
    restates_columns: bool = False
    null_in_primary_keys: bool = False
    primary_key_has_name: bool = True
    keys_across_schemas: bool = True
    create_table_if_not_exists: bool = True
    create_index_if_not_exists: bool = True
    create_sequence_if_not_exists: bool = False
    drop_sequence_if_exists: bool = False
    alter_sequence_type: bool = False
    sequence_spellings: Mapping[str, str] = EMPTY
    savepoint_per_operation: bool = False
    implicit_commit: bool = False
    begins_late: bool = False
    error_name: str = "error_name"
    errors_end_transactions: bool = False
    drop_column_options: Mapping[str, bool] = EMPTY
    database_options: frozenset[str] = frozenset()
    when_connected: Mapping[str, bool] = EMPTY
    option_defaults: Mapping[str, str] = EMPTY
    equal_defaults: Mapping[str, str] = EMPTY
    uncompared_options: frozenset[str] = frozenset()
    uncompared_item_options: frozenset[str] = frozenset()
    compared_prefixes: frozenset[str] = frozenset()
    checks_first: bool = False
    generated_checks: re.Pattern[str] = re.compile(r"(?!)")
    server_schemas: frozenset[str] = frozenset()
    enum_package: str | None = None

    def __post_init__(self) -> None:
        for name in MAPPINGS:
            object.__setattr__(self, name, FrozenMapping(getattr(self, name)))
