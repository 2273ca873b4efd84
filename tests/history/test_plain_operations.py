"""Scripts of plain Alembic: the replayed state is what the real upgrade makes, on every database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.schema import CheckConstraint, sql
from tests.alembic_project import ProjectFactory
from tests.history.agreement import differences, state_of
from tests.history.scripts import MODELS, write

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False, server_default="x", comment="Who"),
    sa.Column("age", sa.Integer),
    sa.Column("active", sa.Boolean, server_default=sa.true()),
    sa.UniqueConstraint("name"),
    sa.CheckConstraint("age > 0"),
    comment="People",
)
"""
POSTS = """
op.create_table(
    "posts",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("title", sa.String(100), index=True),
    sa.Column("at", sa.DateTime, server_default=sa.func.now()),
)
"""

CASES = {
    "create": (USERS, POSTS),
    "drop": (USERS, POSTS, 'op.drop_table("posts")'),
    "add column": (USERS, 'op.add_column("users", sa.Column("mail", sa.String(20), index=True))'),
    "drop column": (USERS, 'op.drop_column("users", "active")'),
    "names in a block of ours": (
        USERS,
        POSTS,
        (
            'with op.moltres_alter_table("posts") as posts:\n'
            '    posts.drop_index("ix_posts_title")\n'
            '    posts.alter_column("title", nullable=False)\n'
            '    posts.drop_column("at")'
        ),
    ),
    "rename table": (USERS, POSTS, 'op.rename_table("users", "people")'),
    "index": (
        USERS,
        'op.create_index("ix_users_age", "users", ["age", "name"], unique=True)',
        (
            'op.create_index("ix_users_lower", "users", [sa.text("lower(name)")])'
            ' if op.get_bind().dialect.name != "mariadb" else None'
        ),
        'op.drop_index("ix_users_age", table_name="users")',
    ),
    "comments": (
        USERS,
        (
            'op.create_table_comment("users", "Persons", existing_comment="People")'
            ' if op.get_bind().dialect.name != "sqlite" else None'
        ),
    ),
    "only for one dialect": (
        USERS,
        (
            'if op.get_bind().dialect.name == "postgresql":\n'
            '    op.add_column("users", sa.Column("data", postgresql.JSONB))\n'
            'elif op.get_context().dialect.name == "sqlite":\n'
            '    op.add_column("users", sa.Column("data", sa.Text))'
        ),
    ),
    "batch": (
        USERS,
        POSTS,
        """
with op.batch_alter_table("users") as batch:
    batch.alter_column("name", new_column_name="full_name", existing_type=sa.String(50),
                       existing_nullable=False, existing_server_default="x")
    batch.add_column(sa.Column("mail", sa.String(30), nullable=False, server_default=""))
    batch.create_unique_constraint("uq_users_mail", ["mail"])
    batch.drop_column("active")
""",
    ),
    "batch of another type": (
        USERS,
        (
            'with op.batch_alter_table("users") as batch:\n'
            '    batch.alter_column("age", type_=sa.BigInteger, existing_type=sa.Integer,'
            " nullable=False, existing_nullable=True)"
        ),
    ),
    "inspected": (
        USERS,
        """
columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns("users")]
if "age" in columns and "mail" not in columns:
    op.add_column("users", sa.Column("mail", sa.String(20)))
if not sa.inspect(op.get_bind()).has_table("posts"):
    op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True))
""",
    ),
    "reflected": (
        USERS,
        """
users = sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())
op.get_bind().execute(users.update().where(users.c.age.is_(None)).values(age=1))
op.create_index("ix_users_age", "users", [users.c.age.name])
""",
    ),
    "tables that create themselves": (
        """
metadata = sa.MetaData()
tags = sa.Table("tags", metadata, sa.Column("name", sa.String(20), primary_key=True))
sa.Table("marks", metadata, sa.Column("tag", sa.String(20), sa.ForeignKey("tags.name")))
metadata.create_all(op.get_bind())
op.bulk_insert(tags, [{"name": "a"}])
""",
    ),
    "rows": (
        USERS,
        """
users = sa.table("users", sa.column("id"), sa.column("name"), sa.column("age"))
bind = op.get_bind()
while bind.execute(sa.select(sa.func.count()).select_from(users)).scalar() > 0:
    bind.execute(users.delete())
for row in bind.execute(sa.select(users.c.id)):
    bind.execute(users.update().where(users.c.id == row.id).values(age=1))
op.execute(users.insert().values(name="b"))
op.execute("UPDATE users SET age = 2 WHERE name = 'b'")
""",
    ),
}


@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
@pytest.mark.parametrize("bodies", [pytest.param(CASES[name], id=name) for name in CASES])
def test_the_state_is_what_the_upgrade_makes(
    bodies: tuple[str, ...],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree(bodies, new_engine(), alembic_project)


def agree(
    bodies: tuple[str, ...], engine: sa.Engine, factory: ProjectFactory, *, configure: str = ""
) -> Any:
    """Run scripts on a database, and compare it with what replaying them says."""
    url = engine.url.render_as_string(hide_password=False)
    project = factory(MODELS, url, configure=configure)
    down = None
    for number, body in enumerate(bodies):
        write(project, f"a{number}", body, down=down)
        down = f"a{number}"
    project.upgrade()
    state = state_of(project)
    assert state.uncertain == ()
    with engine.connect() as connection:
        assert differences(connection, state) == []
    return state


ALTERING = {
    "alter column": (
        USERS,
        """
op.alter_column("users", "name", type_=sa.String(80), existing_type=sa.String(50),
                existing_nullable=False, existing_server_default="x", existing_comment="Who")
op.alter_column("users", "age", nullable=False, existing_type=sa.Integer)
op.alter_column("users", "age", server_default="7", existing_type=sa.Integer,
                existing_nullable=False)
op.alter_column("users", "age", new_column_name="years", existing_type=sa.Integer,
                existing_nullable=False, existing_server_default="7")
""",
    ),
    "what is not said is lost on MariaDB": (
        USERS,
        'op.alter_column("users", "name", type_=sa.String(80))',
    ),
    "nameless constraints by the server's names": (
        USERS,
        POSTS,
        """
mysql = op.get_bind().dialect.name != "postgresql"
op.drop_constraint("posts_ibfk_1" if mysql else "posts_user_id_fkey", "posts",
                   type_="foreignkey")
op.drop_constraint("name" if mysql else "users_name_key", "users", type_="unique")
op.drop_constraint("CONSTRAINT_1" if mysql else "users_age_check", "users", type_="check")
op.create_foreign_key(None, "posts", "users", ["user_id"], ["id"])
""",
    ),
    "named constraints": (
        USERS,
        POSTS,
        """
op.create_check_constraint("ck_age", "users", "age < 200")
op.create_unique_constraint("uq_age", "users", ["age", "name"])
op.create_foreign_key("fk_user", "posts", "users", ["user_id"], ["id"], onupdate="CASCADE")
op.drop_constraint("ck_age", "users", type_="check")
""",
    ),
    "two nameless keys on one column": (
        USERS,
        POSTS,
        """
op.create_foreign_key(None, "posts", "users", ["user_id"], ["id"])
mysql = op.get_bind().dialect.name != "postgresql"
op.drop_constraint("posts_ibfk_2" if mysql else "posts_user_id_fkey1", "posts",
                   type_="foreignkey")
""",
    ),
}


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
@pytest.mark.parametrize("bodies", [pytest.param(ALTERING[name], id=name) for name in ALTERING])
def test_the_state_is_what_altering_makes(
    bodies: tuple[str, ...],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree(bodies, new_engine(), alembic_project)


MOOD = 'sa.Enum("sad", "ok", name="mood")'
POSTGRESQL = {
    "a domain is altered": (
        'op.create_table("d", sa.Column("a", postgresql.DOMAIN("positive", sa.Integer)))',
        'op.execute("ALTER DOMAIN positive RENAME TO natural_; ALTER DOMAIN natural_ SET NOT NULL")',
        'op.execute("CREATE SCHEMA other; ALTER DOMAIN natural_ SET SCHEMA other")',
        'op.execute("ALTER DOMAIN other.natural_ OWNER TO CURRENT_USER")',
        'op.execute("ALTER DOMAIN other.natural_ DROP NOT NULL")',
    ),
    "a key of a serial column becomes one of two columns": (
        """
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("a", sa.Integer, nullable=False))
op.drop_constraint("t_pkey", "t")
op.create_primary_key("pk", "t", ["a", "id"])
""",
    ),
    "a schema is translated": (
        'op.execute("CREATE SCHEMA other")',
        """
bind = op.get_bind().execution_options(schema_translate_map={"tenant": "other"})
metadata = sa.MetaData()
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="tenant")
metadata.create_all(bind)
""",
    ),
    "a nameless key that is deferrable beside a unique constraint": (
        """
op.create_table("t", sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a", deferrable=True),
                sa.UniqueConstraint("a", name="uq"))
""",
    ),
    "enum types": (
        (
            f'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), '
            f'sa.Column("mood", {MOOD}))'
        ),
        f'{MOOD}.create(op.get_bind(), checkfirst=True)\nop.add_column("t", sa.Column("other", {MOOD}))',
        'op.add_column("t", sa.Column("third", postgresql.ENUM(name="mood", create_type=False)))',
        "op.execute(\"ALTER TYPE mood ADD VALUE 'good' BEFORE 'ok'\")",
    ),
    "an enum type swapped": (
        f'op.create_table("t", sa.Column("mood", {MOOD}, nullable=False))',
        """
op.execute("ALTER TYPE mood RENAME TO mood_old")
sa.Enum("fine", "bad", name="mood").create(op.get_bind())
op.execute("ALTER TABLE t ALTER COLUMN mood TYPE mood USING mood::text::mood")
op.execute("DROP TYPE mood_old")
""",
    ),
    "names that do not fit": (
        """
op.create_table(
    "a_table_with_quite_a_long_name_that_leaves_little_room",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a_column_with_quite_a_long_name_too", sa.Integer, unique=True),
)
op.create_table(
    "täble",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer,
              sa.ForeignKey("a_table_with_quite_a_long_name_that_leaves_little_room.id")),
)
""",
        """
op.drop_constraint("a_table_with_quite_a_long_nam_a_column_with_quite_a_long_na_key",
                   "a_table_with_quite_a_long_name_that_leaves_little_room")
op.drop_constraint("täble_a_fkey", "täble")
""",
    ),
    "a renamed table's nameless constraints": (
        USERS,
        'op.rename_table("users", "people")',
        'op.drop_constraint("users_name_key", "people")\nop.drop_constraint("users_age_check", "people")',
        'op.alter_column("people", "age", new_column_name="years")',
    ),
    "identity and computed": (
        (
            'op.create_table("t", sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True), '
            'sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)))'
        ),
        (
            'op.alter_column("t", "id", server_default=sa.Identity(always=True, start=5), '
            "existing_server_default=sa.Identity(start=5))"
        ),
    ),
    "types of PostgreSQL": (
        (
            'op.create_table("t", sa.Column("a", postgresql.ARRAY(sa.String(5))), '
            'sa.Column("b", postgresql.JSONB, server_default=sa.text("\'{}\'::jsonb")), '
            'sa.Column("c", sa.DateTime(timezone=True)), sa.Column("d", postgresql.UUID))'
        ),
        'op.alter_column("t", "a", type_=postgresql.ARRAY(sa.Text))',
    ),
    "a schema of its own": (
        (
            'op.execute("CREATE SCHEMA IF NOT EXISTS public")\n'
            'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), schema="public")'
        ),
        'op.add_column("t", sa.Column("a", sa.Integer))',
    ),
    "exclude": (
        'op.create_table("t", sa.Column("during", postgresql.TSRANGE))',
        'op.create_exclude_constraint("ex", "t", ("during", "&&"), using="gist")',
    ),
    "a block of statements": (
        USERS,
        """
with op.get_context().autocommit_block():
    op.create_index("ix_age", "users", ["age"], postgresql_concurrently=True)
""",
    ),
}


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("bodies", [pytest.param(POSTGRESQL[name], id=name) for name in POSTGRESQL])
def test_the_state_is_what_postgresql_makes(
    bodies: tuple[str, ...],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    agree(bodies, new_engine(), alembic_project)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
def test_a_batch_on_sqlite_loses_the_checks_that_alembics_batch_loses(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    batch = 'with op.batch_alter_table("users") as batch:\n    batch.drop_column("active")'
    state = agree((USERS, batch), new_engine(), alembic_project)
    assert [type(each) for each in state.tables["users"].constraints].count(CheckConstraint) == 0


@pytest.mark.parametrize("database", ["postgresql"])
def test_the_check_of_a_column_has_the_name_that_the_server_gives_it(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    bodies = (
        """
op.create_table("rsvp", sa.Column("status", sa.String(1), sa.CheckConstraint("status IN ('a')")),
                sa.Column("kind", sa.Integer, sa.CheckConstraint("kind > 0")))
op.add_column("rsvp", sa.Column("age", sa.Integer, sa.CheckConstraint("age > 0")))
""",
        """
op.drop_constraint("rsvp_status_check", "rsvp")
op.drop_constraint("rsvp_age_check", "rsvp")
""",
    )
    agree(bodies, new_engine(), alembic_project)


@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.parametrize("per_migration", ["False", "True"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_an_autocommit_block_is_replayed(
    per_migration: str,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    index = """
with op.get_context().autocommit_block():
    op.create_index("ix_users_age", "users", ["age"], postgresql_concurrently=True)
op.drop_index("ix_users_age", "users", if_exists=True)
op.create_index("ix_users_active", "users", ["active"])
"""
    configure = f"transaction_per_migration={per_migration},"
    agree((USERS, index), new_engine(), alembic_project, configure=configure)


def test_a_script_reads_the_configuration(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "sqlite:///app.db")
    script = """
name = op.get_context().config.get_main_option("file_template") or "users"
op.create_table(name, sa.Column("id", sa.Integer))
assert op.moltres_tables()[name].c.id is not None
"""
    write(project, "a0", script)
    project.upgrade()
    assert [str(each) for each in state_of(project).tables] == ["users"]


@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("database", ["sqlite"])
def test_a_batch_on_sqlite_loses_of_indexes_what_alembics_batch_loses(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    indexes = """
op.create_index("ix_order", "users", [sa.text("age DESC"), "name"])
op.create_index("ix_collate", "users", [sa.text("name COLLATE NOCASE ASC")], unique=True)
op.create_index("ix_lower", "users", [sa.text("lower(name)")])
op.create_index("ix_part", "users", ["age"], sqlite_where=sa.text("age > 7"))
"""
    batch = 'with op.batch_alter_table("users") as batch:\n    batch.drop_column("active")'
    state = agree((USERS, indexes, batch), new_engine(), alembic_project)
    (table,) = state.tables.values()
    found = {each.name: each.elements for each in table.indexes}
    assert found == {"ix_order": ("age", "name"), "ix_collate": ("name",), "ix_part": ("age",)}


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_batch_on_sqlite_makes_the_types_and_options_that_alembics_batch_makes(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    table = """
op.create_table("keys", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.BINARY(16)),
                sa.Column("v", sa.VARBINARY(9)), sa.Column("e", sa.Enum("x", "yy", name="mood")),
                sa.Column("u", sa.Uuid), sa.Column("w", sa.Boolean), sa.Column("gone", sa.Integer),
                sqlite_autoincrement=True)
"""
    batch = 'with op.batch_alter_table("keys") as batch:\n    batch.drop_column("gone")'
    state = agree((table, batch), new_engine(), alembic_project)
    (keys,) = state.tables.values()
    assert keys.column("b").type_name == "sql.NUMERIC(16)"
    assert keys.dialect_options == {}


@pytest.mark.parametrize("database", ["sqlite"])
def test_batches_on_sqlite_keep_the_defaults_that_alembics_batches_keep(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    lines = "(strftime('%s',\\n 'now'))"
    table = f"""
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("a", sa.String(9), server_default=sa.text("{lines}")),
                sa.Column("b", sa.Integer, server_default=sa.text("((1 + 2))")),
                sa.Column("c", sa.Integer, server_default=sa.text("(1)")))
"""
    batches = [
        f'with op.batch_alter_table("t", recreate="always") as t:\n    t.add_column({each})'
        for each in ('sa.Column("d", sa.Integer)', 'sa.Column("e", sa.Integer)')
    ]
    state = agree((table, *batches), new_engine(), alembic_project)
    (made,) = state.tables.values()
    found = [made.column(each).default for each in "abc"]
    assert found == [sql("(strftime('%s',\n 'now'))"), sql("(1 + 2)"), sql("1")]


LONG = "number_of_observations_without_documents_since_the_last_migration"


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_column_has_the_name_that_postgresql_keeps(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    bodies = (
        f'op.create_table("a", sa.Column("{LONG}", sa.Integer, unique=True, comment="x"))',
        f'op.add_column("a", sa.Column("other_{LONG}", sa.JSON, server_default="{{}}"))',
        f'op.alter_column("a", "{LONG}", nullable=False, comment="y")',
        f'op.alter_column("a", "{LONG}", new_column_name="new_{LONG}")',
        f'op.create_index("ix", "a", ["new_{LONG}"])\nop.drop_column("a", "other_{LONG}")',
        f'op.create_check_constraint("ck", "a", "new_{LONG} > 0")',
    )
    state = agree(bodies, new_engine(), alembic_project)
    assert len(state.tables["a"].columns[0].name) == 63
