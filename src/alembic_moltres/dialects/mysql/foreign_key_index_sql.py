"""The SQL that `--sql` writes to drop the index of a dropped foreign key.

Only the server knows whether the index exists, and whether another key over its columns needs it.
MySQL has no IF EXISTS for an index, and SQL has no IF outside a stored procedure, so a query writes
the statement, and PREPARE executes it (manuals of MySQL and MariaDB, "PREPARE Statement").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.statement import RawDDL

if TYPE_CHECKING:
    from ..base.ddl import DDLWriter


def drop_foreign_key_index(
    ddl: DDLWriter, index: str, columns: tuple[str, ...]
) -> tuple[RawDDL, RawDDL, RawDDL, RawDDL]:
    """Return the statements that drop the index that InnoDB created for a foreign key.

    A remaining key that only this index supports gets an index of its own in the same statement, as
    when the server is read. An index that is unique or over other columns stays.

    Args:
        ddl: the writer of the table.
        index: the name of the index.
        columns: those of the key.
    """
    drop = f"ALTER TABLE {ddl.table} DROP INDEX {ddl.quoted(index)}"
    added = ", ".join(_added(ddl, index, columns[:n]) for n in range(len(columns), 0, -1))
    text = (
        f"SET @moltres = (SELECT IF(COUNT(*) = 0, 'DO 0', CONCAT({ddl.literal(drop)}, COALESCE("
        f"{added}, ''))) FROM (SELECT index_name FROM information_schema.statistics WHERE "
        f"{_of_table(ddl)} AND index_name = {ddl.literal(index)} AND non_unique GROUP BY "
        f"index_name HAVING {_listed('column_name', 'seq_in_index')} = "
        f"{ddl.literal(','.join(columns))}) AS its_index)"
    )
    return (
        RawDDL(text, f"{drop} if it is there"),
        RawDDL("PREPARE moltres FROM @moltres"),
        RawDDL("EXECUTE moltres"),
        RawDDL("DEALLOCATE PREPARE moltres"),
    )


def _added(ddl: DDLWriter, index: str, columns: tuple[str, ...]) -> str:
    """Return a query for the action that adds the index of another key over `columns`.

    It is NULL if no key needs it.
    """
    listed = ddl.literal(",".join(columns))
    first = ddl.literal(columns[0])
    generated = f"{ddl.name}_ibfk_"
    name = (
        f"IF(LEFT(MAX(constraint_name), {len(generated)}) = {ddl.literal(generated)}, {first}, "
        "MAX(constraint_name))"
    )
    quoted = ddl.literal(f"` ({', '.join(map(ddl.quoted, columns))})")
    part = f"IF(seq_in_index > {len(columns)}, NULL, IF(sub_part IS NULL, column_name, ''))"
    return (
        f"(SELECT CONCAT(', ADD INDEX `', REPLACE({name}, '`', '``'), {quoted}) FROM (SELECT "
        "constraint_name FROM information_schema.key_column_usage WHERE "
        f"{_of_table(ddl)} AND referenced_table_name IS NOT NULL GROUP BY constraint_name HAVING "
        f"{_listed('column_name', 'ordinal_position')} = {listed}) AS other_key WHERE NOT EXISTS "
        f"(SELECT index_name FROM information_schema.statistics WHERE {_of_table(ddl)} AND "
        f"index_name <> {ddl.literal(index)} AND index_type = 'BTREE' GROUP BY index_name HAVING "
        f"{_listed(part, 'seq_in_index')} = {listed}))"
    )


def _of_table(ddl: DDLWriter) -> str:
    schema = "DATABASE()" if ddl.schema is None else ddl.literal(ddl.schema)
    return f"table_schema = {schema} AND table_name = {ddl.literal(ddl.name)}"


def _listed(part: str, order: str) -> str:
    return f"GROUP_CONCAT({part} ORDER BY {order})"
