"""MariaDB: a foreign key that goes leaves the others of its column an index, whichever has made it."""

from __future__ import annotations

import pytest

from alembic_moltres import TableSchema, column, foreign_key, index
from alembic_moltres.dialects.mysql.foreign_key_indexes import implicit_indexes_of
from tests.alembic_project import ProjectFactory

HEAD = """
import sqlalchemy as sa


class Base:
    metadata = sa.MetaData()


parent = sa.Table("parent", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
other = sa.Table("other", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
TABLE = 't = sa.Table("t", Base.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer){})\n'


def keys(*referred: str, named: bool) -> str:
    return TABLE.format(
        "".join(
            f', sa.ForeignKeyConstraint(["a"], ["{to}.id"]{f", name={to!r}" if named else ""})'
            for to in referred
        )
    )


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
@pytest.mark.parametrize("left", [("parent",), ("other",), ()], ids=["first", "last", "none"])
def test_one_of_two_keys_of_a_column_goes_comes_and_goes(
    left: tuple[str, ...], mariadb_url: str, alembic_project: ProjectFactory, *, named: bool
) -> None:
    project = alembic_project(HEAD + keys("parent", "other", named=named), mariadb_url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + keys(*left, named=named))
    project.revision("after", rev_id="b2")

    for _ in range(2):
        project.upgrade()
        project.check()
        project.downgrade("a1")


@pytest.mark.parametrize(
    ("type_", "made"), [("VARCHAR(9)", []), ("mysql.VARCHAR(20)", [index("a", "a")])]
)
def test_a_prefix_is_measured_by_the_type_on_the_dialect(type_: str, made: list[object]) -> None:
    table = TableSchema(
        "t",
        [column("a", "VARCHAR(9)", type_variants={"mysql": type_})],
        constraints=[foreign_key("a", "p", "code")],
        indexes=[index("ix", "a", dialect_options={"mysql_length": 9})],
    )
    assert made == implicit_indexes_of(table, "mysql")
