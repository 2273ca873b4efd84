"""The names that a server gives to nameless constraints, as the server itself says them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from alembic_moltres.history.environment import dialect_of
from alembic_moltres.history.recording import Recorder
from alembic_moltres.history.stand_in.engine import stand_in

LONG = "a_name_of_quite_some_length_that_does_not_fit_twice"

POSTGRESQL = [
    "CREATE TABLE p (id int PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0), UNIQUE (a, b))",
    "CREATE TABLE c (a int REFERENCES p, b int REFERENCES p, CHECK (a < b), CHECK (a > b))",
    "ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES p (a), ADD CHECK (a > 3), ADD CHECK (a > 4)",
    f"CREATE TABLE {LONG} ({LONG} int PRIMARY KEY, other_{LONG} int UNIQUE REFERENCES p)",
    'CREATE TABLE "Ünïcödé tâblé wïth à lông nâmé" ("çölümn wïth ân ëvén löngér nâmé" int UNIQUE)',
    f"ALTER TABLE {LONG} ADD CHECK (other_{LONG} > 0)",
    "CREATE TABLE c_a_check (a int); CREATE TABLE x (a int, CHECK (a > 0))",
    "CREATE TABLE p_pkey1 (a int); CREATE TABLE q (p_pkey int)",
    "ALTER TABLE p RENAME TO r; CREATE TABLE p (id int PRIMARY KEY)",
    "CREATE TABLE e (during tsrange, EXCLUDE USING gist (during WITH &&))",
    "CREATE TABLE k (a int, b int, PRIMARY KEY (a, b), CONSTRAINT k_uc UNIQUE (a, b))",
    "CREATE TABLE l (a int, CONSTRAINT l_uc UNIQUE (a), PRIMARY KEY (a)); ALTER TABLE l ADD UNIQUE (a)",
    "CREATE TABLE m (a int PRIMARY KEY, CONSTRAINT m_uc UNIQUE (a) DEFERRABLE)",
    "CREATE TABLE n (a int, UNIQUE (a), CONSTRAINT n_uc UNIQUE (a), PRIMARY KEY (a), b int UNIQUE)",
]
MARIADB = [
    "CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE (a), UNIQUE (a, b), CHECK (a > 0))",
    (
        "CREATE TABLE c (a int, b int, FOREIGN KEY (a) REFERENCES p (id),"
        " FOREIGN KEY (b) REFERENCES p (id))"
    ),
    "ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES p (a)",
    "ALTER TABLE c DROP FOREIGN KEY c_ibfk_1",
    "ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES p (id)",
    "CREATE TABLE d (a int, b int, CONSTRAINT d_ibfk_2 FOREIGN KEY (a) REFERENCES p (id))",
    "ALTER TABLE d DROP FOREIGN KEY d_ibfk_2",
    "ALTER TABLE d ADD CONSTRAINT d_ibfk_1 FOREIGN KEY (a) REFERENCES p (id)",
    "ALTER TABLE d ADD CONSTRAINT d_ibfk_2 FOREIGN KEY (b) REFERENCES p (id)",
    "ALTER TABLE d DROP FOREIGN KEY d_ibfk_2; ALTER TABLE d ADD FOREIGN KEY (b) REFERENCES p (id)",
    "CREATE INDEX d_ibfk_1 ON d (a)",
    "ALTER TABLE d ADD INDEX of_a (a)",
    "ALTER TABLE d RENAME TO f",
    "ALTER TABLE f DROP FOREIGN KEY f_ibfk_1",
]

INDEXES = (
    "SELECT table_name, index_name FROM information_schema.statistics "
    "WHERE table_schema = DATABASE()"
)


@pytest.mark.parametrize(
    ("database", "texts"),
    [("postgresql", POSTGRESQL), ("mariadb", MARIADB)],
    ids=["postgresql", "mariadb"],
)
def test_the_names_are_the_servers(
    database: str, texts: list[str], new_engine: Callable[[], sa.Engine]
) -> None:
    engine = new_engine()
    replayed = stand_in(dialect_of(f"{database}://"), Recorder)
    with engine.connect() as real, replayed.connect() as stand:
        for text in texts:
            for each in text.split("; "):
                real.exec_driver_sql(each)
                stand.execute(sa.text(each))
            assert names(real) == names(stand), text


def names(connection: sa.Connection) -> set[tuple[str, str | None]]:
    inspector = sa.inspect(connection)
    found: set[tuple[str, str | None]] = set()
    for table in inspector.get_table_names():
        for each in (
            inspector.get_unique_constraints(table)
            + inspector.get_foreign_keys(table)
            + inspector.get_check_constraints(table)
        ):
            found.add((table, each["name"]))
        found.add((table, inspector.get_pk_constraint(table)["name"]))
    if connection.dialect.name == "mariadb":
        rows = connection.execute(sa.text(INDEXES)).all()
        found |= {(table, name) for table, name in rows}
    return found
