"""What scripts of real projects do besides creating tables: the state is what the upgrade makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.circles.cases import ALL, MARIADB, POSTGRESQL, SQLITE
from tests.history.test_plain_operations import agree

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("email", sa.String(length=120), nullable=True),
    sa.Column("name", sa.String(length=64), server_default="", nullable=False),
    sa.PrimaryKeyConstraint("id"),
    sa.UniqueConstraint("email"),
)
op.create_index(op.f("ix_users_name"), "users", ["name"], unique=False)
"""
POSTS = """
op.create_table(
    "posts",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("user_id", sa.Integer(), nullable=True),
    sa.Column("body", sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
    sa.PrimaryKeyConstraint("id"),
)
"""
WIDE = """
op.create_table("t", *(sa.Column(each, sa.Integer, primary_key=each == "id") for each in ("id", "a", "b")))
op.create_index("ix_ab", "t", ["a", sa.text("b DESC")])
op.create_index("ix_b", "t", ["b"])
"""
RENAMED = (
    'op.alter_column("posts", "user_id", new_column_name="owner_id", existing_type=sa.Integer())'
)
NOT_SQLITE = (POSTGRESQL, MARIADB)


class Shape(NamedTuple):
    """The bodies of the scripts, and the databases that run them."""

    scripts: tuple[str, ...]
    on: tuple[str, ...] = ALL


SHAPES = {
    "a column with a foreign key is renamed": Shape((USERS, POSTS, RENAMED), NOT_SQLITE),
    "a column with a foreign key is renamed twice, and has another key": Shape(
        (
            USERS,
            POSTS,
            RENAMED,
            RENAMED.replace("owner_id", "holder").replace("user_id", "owner_id"),
            'op.create_foreign_key("fk_holder", "posts", "users", ["holder"], ["id"])',
        ),
        NOT_SQLITE,
    ),
    "a column with a foreign key is renamed, and has an index": Shape(
        (USERS, POSTS, RENAMED, 'op.create_index("ix_owner", "posts", ["owner_id"])'), NOT_SQLITE
    ),
    "the foreign key of a renamed column is dropped with its index": Shape(
        (
            USERS,
            POSTS,
            RENAMED,
            'op.drop_constraint("posts_ibfk_1", "posts", type_="foreignkey")',
            'op.drop_index("user_id", "posts")\nop.drop_column("posts", "owner_id")',
        ),
        (MARIADB,),
    ),
    "a table and its column with a foreign key are renamed": Shape(
        (
            USERS,
            POSTS,
            'op.rename_table("posts", "articles")',
            RENAMED.replace("posts", "articles"),
        ),
        NOT_SQLITE,
    ),
    "foreign keys without names over one column are dropped": Shape(
        (
            USERS,
            (
                'op.create_table("p", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))\n'
                + 'op.create_foreign_key(None, "p", "users", ["a"], ["id"])\n' * 3
            ),
            *(f'op.drop_constraint("p_ibfk_{n}", "p", type_="foreignkey")' for n in (2, 1, 3)),
        ),
        (MARIADB,),
    ),
    "two tables have an index of the same name": Shape(
        (
            USERS,
            POSTS,
            'op.create_index("ix", "users", ["name"])\nop.create_index("ix", "posts", ["id"])',
            'op.drop_index("ix", "posts")',
            'op.create_index("ix", "posts", ["id"])',
            'with op.moltres_alter_table("posts") as posts:\n    posts.drop_index("ix")',
            'op.create_index("ix", "posts", ["id"])\nop.execute("ALTER TABLE posts RENAME INDEX ix TO iy")',
            'op.execute("CREATE INDEX IF NOT EXISTS ix ON posts (id)")\nop.execute("DROP INDEX iy ON posts")',
        ),
        (MARIADB,),
    ),
    "two schemas have an index of the same name": Shape(
        (
            'op.execute("CREATE SCHEMA shop")',
            (
                'for schema in ("shop", None):\n'
                '    op.create_table("t", sa.Column("n", sa.Integer), schema=schema)\n'
                '    op.create_index("ix", "t", ["n"], schema=schema)\n'
                'op.drop_index("ix")'
            ),
        ),
        (POSTGRESQL,),
    ),
    "a column is dropped from wider indexes": Shape((WIDE, 'op.drop_column("t", "a")'), NOT_SQLITE),
    "a column of an expression is dropped from wider indexes": Shape(
        (WIDE, 'with op.moltres_alter_table("t") as t:\n    t.drop_column("b")'), (MARIADB,)
    ),
    "tables and types move to another schema": Shape(
        (
            'op.execute("CREATE SCHEMA shop")',
            USERS,
            POSTS,
            'op.execute("ALTER TABLE users SET SCHEMA shop")',
            (
                'op.add_column("users", sa.Column("age", sa.Integer), schema="shop")\n'
                'op.execute("ALTER TABLE posts SET SCHEMA shop")\n'
                'op.execute("ALTER TABLE shop.posts SET SCHEMA public")'
            ),
            (
                "op.execute(\"CREATE TYPE mood AS ENUM ('ok')\")\n"
                'op.execute("ALTER TABLE posts ADD COLUMN mood mood")\n'
                'op.execute("ALTER TYPE mood SET SCHEMA shop")'
            ),
        ),
        (POSTGRESQL,),
    ),
    "a column of a CHECK that lists strings gets another length": Shape(
        (
            (
                'op.create_table("k", sa.Column("a", sa.Enum("x", "y", name="kind", native_enum=False,'
                " create_constraint=True, length=20)))"
            ),
            'op.alter_column("k", "a", type_=sa.String(30), existing_type=sa.String(20))',
        ),
        NOT_SQLITE,
    ),
    "a sequence is dropped after the default that reads it": Shape(
        (
            (
                'op.execute(sa.schema.CreateSequence(sa.Sequence("numbers", start=100)))\n'
                'op.create_table("n", sa.Column("id", sa.Integer, sa.Sequence("numbers"),'
                " server_default=sa.text(\"nextval('numbers')\"), primary_key=True),"
                ' sa.Column("a", sa.Integer, sa.Sequence("numbers")))'
            ),
            (
                'op.alter_column("n", "id", server_default=None)\n'
                'op.execute(sa.schema.DropSequence(sa.Sequence("numbers")))'
            ),
        ),
        (POSTGRESQL,),
    ),
    "what has a name that SQLAlchemy shortens is dropped by its short name": Shape(
        (
            USERS,
            (
                f'op.create_index(op.f("ix_{60 * "n"}name"), "users", ["name"])\n'
                f'op.create_index(op.f("ix_{60 * "m"}name"), "users", ["id", "name"])\n'
                f'op.create_unique_constraint(op.f("uq_{60 * "n"}name"), "users", ["id", "email"])'
            ),
            (
                "found = sa.inspect(op.get_bind())\n"
                'names = [each["name"] for each in found.get_indexes("users")]\n'
                f'(kept,) = [name for name in names if name.startswith("ix_nnn")]\n'
                'assert kept != "ix_" + 60 * "n" + "name"\n'
                'op.drop_index(kept, "users")\n'
                f'op.drop_index(op.f("ix_{60 * "m"}name"), "users")\n'
                'names = [each["name"] for each in found.get_unique_constraints("users")]\n'
                f'(kept,) = [name for name in names if name.startswith("uq_nnn")]\n'
                'op.drop_constraint(kept, "users", type_="unique")'
            ),
        ),
        NOT_SQLITE,
    ),
    "the first of the keys that an inspector lists is dropped": Shape(
        (
            USERS,
            (
                'op.create_table("k", sa.Column("b", sa.Integer), sa.Column("a", sa.Integer),'
                ' sa.ForeignKeyConstraint(["b"], ["users.id"], name="fk_z"),'
                ' sa.ForeignKeyConstraint(["a"], ["users.id"], name="fk_B"),'
                ' sa.UniqueConstraint("b", "a", name="uq_z"), sa.UniqueConstraint("a", "b", name="uq_a"),'
                ' sa.CheckConstraint("a > 0", name="ck_z"), sa.CheckConstraint("b > 0", name="ck_a"))'
            ),
            (
                "found = sa.inspect(op.get_bind())\n"
                'op.drop_constraint(found.get_foreign_keys("k")[0]["name"], "k", type_="foreignkey")\n'
                'op.drop_constraint(found.get_unique_constraints("k")[0]["name"], "k", type_="unique")\n'
                'op.drop_constraint(found.get_check_constraints("k")[0]["name"], "k", type_="check")'
            ),
        ),
        NOT_SQLITE,
    ),
    "a batch on SQLite loses the second of two equal foreign keys": Shape(
        (
            USERS,
            POSTS,
            (
                'with op.batch_alter_table("posts") as posts:\n'
                '    posts.create_foreign_key("fk_user", "users", ["user_id"], ["id"], ondelete="CASCADE")'
            ),
            'with op.batch_alter_table("posts") as posts:\n    posts.alter_column("body", nullable=False)',
        ),
        (SQLITE,),
    ),
    "an inspector lists the indexes of keys as the database has them": Shape(
        (
            USERS,
            (
                'op.create_table("k", sa.Column("b", sa.Integer), sa.Column("a", sa.Integer),'
                ' sa.UniqueConstraint("b", "a", name="uq_z"), sa.Index("ix_u", "a", unique=True),'
                ' sa.Index("ix_a", "a"))'
            ),
            (
                "found = sa.inspect(op.get_bind())\n"
                'listed = [*found.get_indexes("k"), *found.get_unique_constraints("k")]\n'
                'keys = "name", "duplicates_constraint", "duplicates_index"\n'
                'names = ["_".join(key[-3:] + each[key] for key in keys if key in each) for each in listed]\n'
                'op.create_table("seen", *(sa.Column(f"{number}{name}", sa.Integer)'
                " for number, name in enumerate(names)))"
            ),
        ),
    ),
    "a column is altered where the database can": Shape(
        (
            USERS,
            (
                "try:\n"
                '    op.alter_column("users", "email", nullable=False, existing_type=sa.String(120))\n'
                "except sa.exc.OperationalError:\n"
                '    op.alter_column("users", "email", new_column_name="mail")'
            ),
        ),
    ),
    "the class of the dialect decides": Shape(
        (
            USERS,
            (
                "from sqlalchemy.dialects import mysql, postgresql\n"
                "dialect = op.get_bind().dialect\n"
                "if isinstance(dialect, postgresql.dialect | mysql.dialect):\n"
                '    op.drop_column("users", "email")'
            ),
        ),
    ),
    "indexes of materialized views": Shape(
        (
            USERS,
            (
                'op.execute("CREATE MATERIALIZED VIEW people AS SELECT * FROM users")\n'
                'op.execute("CREATE UNIQUE INDEX ix_id ON people (id)")\n'
                'op.create_index("ix_name", "people", ["name"])'
            ),
            (
                'op.drop_index("ix_name", "people")\n'
                'op.execute("DROP INDEX IF EXISTS ix_id")\n'
                'op.execute("ALTER MATERIALIZED VIEW people RENAME TO persons")\n'
                'op.create_index("ix_name", "persons", ["name"])'
            ),
            (
                'op.execute("CREATE VIEW one AS SELECT 1 AS a; CREATE VIEW two AS SELECT 2 AS a")\n'
                'op.execute("ALTER VIEW one SET (security_barrier = true)")\n'
                'assert sa.inspect(op.get_bind()).has_table("one")\n'
                'op.execute("DROP VIEW IF EXISTS one, two")\n'
                'assert not sa.inspect(op.get_bind()).has_table("two")'
            ),
        ),
        (POSTGRESQL,),
    ),
}


@pytest.mark.filterwarnings("ignore:.*could not be located in PRAGMA:sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(
    ("shape", "database"),
    [
        pytest.param(shape, database, id=f"{name} - {database}")
        for name, shape in SHAPES.items()
        for database in shape.on
    ],
)
def test_the_state_is_what_the_upgrade_makes(
    shape: Shape,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree(shape.scripts, new_engine(), alembic_project)
