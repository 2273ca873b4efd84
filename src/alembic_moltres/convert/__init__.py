"""SQLAlchemy's models and tables to values (`freeze_*`) and back (`thaw_*`), side by side.

One file for each kind of thing, both directions in it. Converting never changes what it reads.

models, tables                               a mapped class, a table
columns, constraints, indexes, foreign_keys  what a table is made of
single_items                                 a constraint or an index on its own
generated, defaults                          computed columns, identities, sequences, defaults
expressions, names                           SQL text; quoting and naming conventions
dialect_options, dialects                    dialects' own arguments, and the dialects themselves
metadata_objects                             types and sequences of a MetaData
ddl_events, ddl_if                           DDL text of events, and the dialects that it is for
"""

from ..schema.dialects import DIALECT_CLASSES
from .ddl_events import (
    listeners_of_all_tables,
    metadata_ddl,
    metadata_listeners,
    unfrozen_listeners,
)
from .dialects import dialects_for, lineage
from .metadata_objects import metadata_sequences, metadata_types
from .models import (
    extract_foreign_keys,
    get_model_table_name,
    is_sqlalchemy_model,
    model_to_schema,
    table_of,
)
from .tables import schema_to_table

__all__ = [
    "DIALECT_CLASSES",
    "dialects_for",
    "extract_foreign_keys",
    "get_model_table_name",
    "is_sqlalchemy_model",
    "lineage",
    "listeners_of_all_tables",
    "metadata_ddl",
    "metadata_listeners",
    "metadata_sequences",
    "metadata_types",
    "model_to_schema",
    "schema_to_table",
    "table_of",
    "unfrozen_listeners",
]
