"""MariaDB keeps a column's CHECK in the column's definition, without a name: a script may not know it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory

NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
TABLE = r"""CREATE TABLE t (id INT PRIMARY KEY,
 a INT INVISIBLE DEFAULT 3 COMMENT '50%% CHECK (1)' CHECK (a > 0 AND `b:` <> 'it''s 9%% \\ ?'),
 `b:` VARCHAR(9) CHECK (`b:` <> ''), c INT, CONSTRAINT c CHECK (c > 1))"""
SCRIPT = """
from alembic import op
from alembic_moltres import check, column

revision, down_revision = "r1", None

def upgrade():
    with op.moltres_alter_table("t") as t:
        {}

def downgrade():
    pass
"""
A = r"CHECK (`a` > 0 and `b:` <> 'it\'s 9% \\ ?')"


@pytest.mark.parametrize(
    ("line", "there", "gone"),
    [
        pytest.param(
            't.alter_column(column("a", "INTEGER", default=3), column("a", "BIGINT", default=3))',
            ["`a` bigint(20) INVISIBLE DEFAULT 3 CHECK (`a` > 0 and `b:` <>"],
            [],
            id="another type",
        ),
        pytest.param(
            't.rename_column("b:", "B%"); '
            't.alter_column(column("a", "INTEGER", default=3), column("a", "BIGINT", default=3))',
            ["CHECK (`a` > 0 and `B%` <> 'it\\'s 9% \\\\ ?')", "CHECK (`B%` <> '')"],
            ["b:"],
            id="another type beside a rename",
        ),
        pytest.param(
            """t.drop_constraint(check("`b:` <> ''", name="b:"))""",
            ["`b:` varchar(9) DEFAULT NULL,", A],
            [],
            id="dropped under the name that the catalogue tells",
        ),
        pytest.param(
            r"""t.drop_constraint(check("a > 0 AND `b:` <> 'it''s 9% \\\\ ?'"))""",
            ["`a` int(11) INVISIBLE DEFAULT 3 COMMENT '50% CHECK (1)',", "CHECK (`b:` <> '')"],
            [],
            id="dropped by its content",
        ),
        pytest.param(
            """t.drop_constraint(check("`b:` <> ''")); """
            """t.alter_column(column("b:", "VARCHAR(9)"), column("b:", "VARCHAR(8)")); """
            """t.rename_column("b:", "d")""",
            ["`d` varchar(8) DEFAULT NULL,"],
            ["b:` <> '')"],
            id="dropped, of another type and renamed",
        ),
        pytest.param(
            't.drop_constraint(check("c > 1", name="c"))',
            [A, "`c` int(11) DEFAULT NULL"],
            ["CONSTRAINT"],
            id="one of the table with the name of a column",
        ),
    ],
)
def test_a_script_that_does_not_know_of_a_columns_check_keeps_or_drops_it(
    line: str,
    there: list[str],
    gone: list[str],
    mariadb_engine: sa.Engine,
    mariadb_url: str,
    alembic_project: ProjectFactory,
) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(TABLE)
    project = alembic_project(NO_MODELS, mariadb_url)
    project.write_script("r1", SCRIPT.format(line))
    project.upgrade()
    with mariadb_engine.connect() as connection:
        shown = str(connection.exec_driver_sql("SHOW CREATE TABLE t").one()[1])
    assert [] == [text for text in there if text not in shown]
    assert [] == [text for text in gone if text in shown]
