"""SQLAlchemy's models and tables to values (`freeze_*`) and back (`thaw_*`), side by side.

One file for each kind of thing, both directions in it. Converting never changes what it reads.

    models.py, tables.py              a mapped class's table, and a table with all that is its own
    columns.py                        a column: defaults.py, and computed or counted by generated.py
    constraints.py, foreign_keys.py   constraints, and what a foreign key refers to
    indexes.py                        indexes
    ddl_if.py, ddl_events.py          for which dialects something is made; DDL that events attach
    names.py, expressions.py          names with their quoting, SQL expressions
    dialect_options.py                arguments such as `mysql_engine`
    dialects.py                       the dialects that text is compiled for
"""

from .ddl_events import metadata_listeners, unfrozen_listeners
from .dialects import SHIPPED, dialects_for, lineage
from .models import (
    extract_foreign_keys,
    get_model_table_name,
    is_sqlalchemy_model,
    model_to_schema,
    table_of,
)
from .tables import schema_to_table

__all__ = [
    "SHIPPED",
    "dialects_for",
    "extract_foreign_keys",
    "get_model_table_name",
    "is_sqlalchemy_model",
    "lineage",
    "metadata_listeners",
    "model_to_schema",
    "schema_to_table",
    "table_of",
    "unfrozen_listeners",
]
