"""`squash`: the sequences that columns own keep the names that the scripts have left them."""

from __future__ import annotations

import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.commands.command_line import run
from tests.dump import dump
from tests.history.scripts import MODELS, write

ID = 'sa.Column("id", sa.Integer, primary_key=True)'
NUMBERED = 'sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)'
TABLES = f"""
for name in ("users", "posts", "one", "other", "plain", "big", "free"):
    op.create_table(name, {ID})
op.create_table("numbered", {NUMBERED})
op.execute("CREATE TABLE texts (id serial PRIMARY KEY, n bigserial, m smallserial, o serial)")
"""
CHANGES = f"""
op.rename_table("users", "people")
op.create_table("users", {ID})
op.create_foreign_key("fk", "posts", "people", ["id"], ["id"])
op.rename_table("one", "x")
op.rename_table("other", "one")
op.rename_table("x", "other")
op.alter_column("plain", "id", server_default=None)
op.alter_column("big", "id", type_=sa.BigInteger)
op.execute("ALTER SEQUENCE free_id_seq OWNED BY NONE")
op.alter_column("numbered", "id", new_column_name="Key")
op.rename_table("numbered", "Counted")
op.alter_column("texts", "n", server_default=None)
op.alter_column("texts", "m", new_column_name="k")
op.execute("ALTER SEQUENCE texts_o_seq RENAME TO others")
"""
BACK = """
op.execute("DROP TABLE \\"Counted\\", posts, texts, people, users, one, other, plain, big, free")
op.execute("DROP SEQUENCE free_id_seq")
"""


def test_a_squashed_script_names_the_sequences_as_the_scripts_did(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", TABLES)
    write(project, "b2", CHANGES, down="a1", downgrade=BACK)
    project.upgrade()
    before = dump(pg_engine)
    project.downgrade("a1")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    finished = run(project, "squash", "b2", "--scratch", pg_url)
    assert finished.err == ""
    (script,) = project.scripts()
    text = script.read_text(encoding="utf-8")
    assert 'op.execute("ALTER SEQUENCE people_id_seq RENAME TO users_id_seq")' in text
    project.upgrade()
    assert before == dump(pg_engine)
    project.downgrade()
    assert dump(pg_engine) == ""


def test_a_range_names_them_and_its_way_back_too(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", f'op.create_table("users", {ID})')
    rename = 'op.execute("ALTER SEQUENCE {} RENAME TO {}")'
    one, other = rename.format("users_id_seq", "ids"), rename.format("ids", "users_id_seq")
    write(project, "b2", one, down="a1", downgrade=other)
    write(
        project,
        "c3",
        f'op.create_table("posts", {ID})',
        down="b2",
        downgrade='op.drop_table("posts")',
    )
    project.upgrade("a1")
    before = dump(pg_engine)
    project.upgrade()
    after = dump(pg_engine)
    assert run(project, "squash", "b2:c3").err == ""
    project.downgrade("a1")
    assert before == dump(pg_engine)
    project.upgrade()
    assert after == dump(pg_engine)


def test_an_auto_increment_column_stays_one_beside_a_foreign_key(
    alembic_project: ProjectFactory, mariadb_url: str
) -> None:
    project = alembic_project(MODELS, mariadb_url)
    write(project, "a1", f'op.create_table("users", {ID})\nop.create_table("posts", {ID})')
    write(project, "b2", 'op.create_foreign_key("fk", "posts", "users", ["id"], ["id"])', down="a1")
    assert run(project, "squash", "b2", "--scratch", mariadb_url).err == ""


def test_a_sequence_stays_with_a_primary_key_that_is_renamed_after_its_table(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", f'op.create_table("mails", {ID}, sa.Column("name", sa.Text))')
    write(project, "b2", """op.execute("INSERT INTO mails (name) VALUES ('x')")""", down="a1")
    write(
        project,
        "c3",
        """
        op.rename_table("mails", "letters")
        op.execute("ALTER INDEX mails_pkey RENAME TO letters_pkey")
        """,
        down="b2",
        downgrade="""
        op.execute("ALTER INDEX letters_pkey RENAME TO mails_pkey")
        op.rename_table("letters", "mails")
        """,
    )
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert len(project.scripts()) == 1
