"""Whether a column autoincrements after foreign keys, defaults and types have come and gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.history.test_plain_operations import agree

ID = 'sa.Column("id", sa.Integer, primary_key=True)'
TABLES = f"""
op.create_table("users", {ID}, sa.Column("n", sa.Integer))
op.create_table("posts", {ID})
op.create_table("notes", sa.Column("id", sa.Integer, sa.ForeignKey("users.id", name="of"), primary_key=True))
op.create_table("names", sa.Column("id", sa.String(9), primary_key=True))
"""
KEY = 'op.create_foreign_key("fk", "posts", "users", ["id"], ["id"])'
OURS = """
with op.moltres_alter_table("posts") as posts:
    posts.add_constraint(foreign_key("id", "users", "id", name="fk"))
with op.moltres_alter_table("notes") as notes:
    notes.drop_constraint(foreign_key("id", "users", "id", name="of"))
"""
CASES = {
    "a foreign key is added": (KEY,),
    "a foreign key goes": (KEY, 'op.drop_constraint("fk", "posts", type_="foreignkey")'),
    "the foreign key of CREATE TABLE goes": (
        'op.drop_constraint("of", "notes", type_="foreignkey")',
    ),
    "by operations of this package": (OURS,),
    "by text": ("op.execute('ALTER TABLE posts ADD FOREIGN KEY (id) REFERENCES users (id)')",),
    "a default that is dropped": (
        'op.alter_column("users", "id", server_default=None, existing_type=sa.Integer)',
    ),
    "a key that becomes a number": (
        (
            'op.alter_column("names", "id", type_=sa.Integer, existing_type=sa.String(9),'
            ' existing_nullable=False, postgresql_using="id::int")'
        ),
    ),
    "a renamed table": ('op.rename_table("posts", "letters")', KEY.replace("posts", "letters")),
}
POSTGRESQL = {
    "the referred table goes": ("op.execute('DROP TABLE users CASCADE')",),
    "a default that comes back": (
        'op.alter_column("users", "id", server_default=None)',
        'op.alter_column("users", "id", server_default=sa.text("nextval(\'users_id_seq\')"))',
    ),
    "a column of the key goes": (
        'op.execute("ALTER TABLE users ADD UNIQUE (id, n)")',
        (
            'op.create_table("x", sa.Column("id", sa.Integer, primary_key=True), sa.Column("o",'
            ' sa.Integer), sa.ForeignKeyConstraint(["id", "o"], ["users.id", "users.n"]))'
        ),
        'op.drop_column("x", "o")',
    ),
    "a sequence that goes": ('op.execute("DROP SEQUENCE users_id_seq CASCADE")',),
    "a sequence of no column": ('op.execute("ALTER SEQUENCE users_id_seq OWNED BY NONE")',),
    "an added column that numbers without a key": (
        'op.drop_constraint("posts_pkey", "posts")',
        f'op.add_column("posts", {ID.replace("id", "number")})',
        'op.create_primary_key("posts_pkey", "posts", ["number"])',
        f'op.add_column("users", {ID.replace("id", "number")})',
    ),
    "an added column that is the key": (
        'op.create_table("x", sa.Column("a", sa.Integer))',
        f'op.add_column("x", {ID}, inline_primary_key=True)',
        (
            'op.add_column("x", sa.Column("u", sa.Integer, sa.ForeignKey("users.id",'
            ' ondelete="CASCADE")), inline_references=True)'
        ),
    ),
    "a renamed sequence": (
        'op.execute("ALTER TABLE users ADD m serial")',
        'op.execute("ALTER SEQUENCE users_m_seq RENAME TO more")',
        'op.execute("ALTER SEQUENCE users_id_seq AS bigint")',
    ),
}


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
@pytest.mark.parametrize("bodies", [pytest.param(CASES[name], id=name) for name in CASES])
def test_only_the_column_decides_whether_it_autoincrements(
    bodies: tuple[str, ...],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree((TABLES, *bodies), new_engine(), alembic_project)


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("bodies", [pytest.param(POSTGRESQL[name], id=name) for name in POSTGRESQL])
def test_a_sequence_is_what_postgresql_has(
    bodies: tuple[str, ...],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree((TABLES, *bodies), new_engine(), alembic_project)
