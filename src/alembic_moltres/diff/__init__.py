"""The difference of two sets of tables, as plain values. Pure: no SQLAlchemy, no connection.

changes/           changes as values
renames            renamed tables and columns
rename_candidates  tables and columns that may have been renamed
tables             the difference of two tables
autoincrement      which column of a table autoincrements
enums              changed labels and domains; label_uses: labels that a revision uses
enum_renames       renames labels before tables are altered
order              the order in which tables are created
foreign_keys       foreign keys that are dropped first or added last
inherited_changes  changes that come with those of the table inherited from
dependents         drops dependents of changed columns and adds them again
moved_names        drops an index before another table gets one of its name
rebuilt_keys       drops foreign keys that block a change and adds them again
difference         the difference of two sets of tables
summary            changes as lines of text for people
losses             what values lose in a conversion to another type
failures           the rows on which a change fails

Every name is loaded on first use (PEP 562): a comparison that finds nothing needs no change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .changes.alter_table import AlterTable, RenameGeneratedNames, SetComment, SetOptions
    from .changes.base import Change, TableChange, TableKey, Tables, apply
    from .changes.columns import AddColumn, AlterColumn, DropColumn, RenameColumn
    from .changes.constraints import AddConstraint, DropConstraint
    from .changes.domains import AlterDomain
    from .changes.enums_and_sequences import (
        AlterEnum,
        AlterSequence,
        CreateSequence,
        CreateType,
        DropSequence,
        DropType,
    )
    from .changes.indexes import CreateIndex, DropIndex
    from .changes.rename_type import RenameType
    from .changes.tables import AddForeignKeys, CreateTable, DropForeignKeys, DropTable, RenameTable
    from .dependents import with_computed_rebuilt, with_recreated_rebuilt
    from .difference import diff, diff_renamed
    from .moved_names import with_moved_names
    from .order import added_later, creation_order
    from .rebuilt_keys import with_keys_rebuilt
    from .renames import (
        AnyRename,
        ColumnRename,
        Rename,
        TableRename,
        TypeRename,
        as_renamed,
        reversed_renames,
    )

__all__ = [
    "AddColumn",
    "AddConstraint",
    "AddForeignKeys",
    "AlterColumn",
    "AlterDomain",
    "AlterEnum",
    "AlterSequence",
    "AlterTable",
    "AnyRename",
    "Change",
    "ColumnRename",
    "CreateIndex",
    "CreateSequence",
    "CreateTable",
    "CreateType",
    "DropColumn",
    "DropConstraint",
    "DropForeignKeys",
    "DropIndex",
    "DropSequence",
    "DropTable",
    "DropType",
    "Rename",
    "RenameColumn",
    "RenameGeneratedNames",
    "RenameTable",
    "RenameType",
    "SetComment",
    "SetOptions",
    "TableChange",
    "TableKey",
    "TableRename",
    "Tables",
    "TypeRename",
    "added_later",
    "apply",
    "as_renamed",
    "creation_order",
    "diff",
    "diff_renamed",
    "reversed_renames",
    "with_computed_rebuilt",
    "with_keys_rebuilt",
    "with_moved_names",
    "with_recreated_rebuilt",
]

_NAMES = {
    "changes.alter_table": ("AlterTable", "RenameGeneratedNames", "SetComment", "SetOptions"),
    "changes.base": ("Change", "TableChange", "TableKey", "Tables", "apply"),
    "changes.columns": ("AddColumn", "AlterColumn", "DropColumn", "RenameColumn"),
    "changes.constraints": ("AddConstraint", "DropConstraint"),
    "changes.domains": ("AlterDomain",),
    "changes.enums_and_sequences": (
        *("AlterEnum", "AlterSequence", "CreateSequence", "CreateType", "DropSequence"),
        "DropType",
    ),
    "changes.indexes": ("CreateIndex", "DropIndex"),
    "changes.rename_type": ("RenameType",),
    "changes.tables": (
        *("AddForeignKeys", "CreateTable", "DropForeignKeys", "DropTable", "RenameTable"),
    ),
    "dependents": ("with_computed_rebuilt", "with_recreated_rebuilt"),
    "difference": ("diff", "diff_renamed"),
    "moved_names": ("with_moved_names",),
    "order": ("added_later", "creation_order"),
    "rebuilt_keys": ("with_keys_rebuilt",),
    "renames": (
        *("AnyRename", "ColumnRename", "Rename", "TableRename", "TypeRename", "as_renamed"),
        "reversed_renames",
    ),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value
