"""Tables that inherit: the replayed state is what PostgreSQL makes of statements about their parents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from alembic_moltres import schema
from alembic_moltres.history.recorded_operations import recording_operations
from alembic_moltres.history.recording import Recorder
from alembic_moltres.history.replay import connect
from tests.history.agreement import differences

OPTIONS = "" if sa.__version__.startswith("2.0") else " WITH (fillfactor = 90)"
"""Options of a table, which SQLAlchemy reflects since 2.1."""

CITY = "CREATE TABLE city (id int NOT NULL, name text DEFAULT 'x', CONSTRAINT ck_name CHECK (name <> ''))"
TOWN = "CREATE TABLE town (b int) INHERITS (city)"
OWN = "CREATE TABLE own (b int, name text, id int) INHERITS (city)"
SUBURB = "CREATE TABLE suburb (c int, b int) INHERITS (town)"
ALL = (CITY, TOWN, OWN, SUBURB)
RIVER = "CREATE TABLE river (id int, name text NOT NULL, length int CHECK (length > 0))"
PORT = "CREATE TABLE port (depth int) INHERITS (city, river)"
SERIAL = "CREATE TABLE place (id serial PRIMARY KEY, n int, at timestamptz DEFAULT now())"
SPOT = "CREATE TABLE spot (b int) INHERITS (place)"

PLAIN_LOG = "CREATE TABLE log (id int NOT NULL, kind text, v int) PARTITION BY RANGE (id)"
LOG = "CREATE TABLE log (id int PRIMARY KEY, kind text, v int) PARTITION BY RANGE (id)"

CASES = {
    "created": ALL,
    "two parents": (CITY, RIVER, PORT),
    "a serial key": (SERIAL, SPOT, "CREATE TABLE same (id int) INHERITS (place)"),
    "an identity": (
        "CREATE TABLE place (id int GENERATED ALWAYS AS IDENTITY, n int GENERATED ALWAYS AS (2) STORED)",
        SPOT,
    ),
    "column added": (
        *ALL,
        "ALTER TABLE city ADD a int NOT NULL DEFAULT 3 CHECK (a > 1), ADD u int UNIQUE",
    ),
    "column added that a child table has": (
        *ALL,
        "ALTER TABLE town ADD z int",
        "ALTER TABLE suburb ADD COLUMN IF NOT EXISTS z int",
        "ALTER TABLE city ADD z int NOT NULL DEFAULT 7",
    ),
    "column added that is there": (
        *ALL,
        "ALTER TABLE city ADD z int",
        "ALTER TABLE suburb ADD COLUMN IF NOT EXISTS z int",
    ),
    "column dropped": (*ALL, "ALTER TABLE city DROP COLUMN name, DROP COLUMN id"),
    "column dropped in the middle": (*ALL, "ALTER TABLE town DROP COLUMN b"),
    "column of two parents dropped": (
        CITY,
        RIVER,
        PORT,
        "ALTER TABLE city DROP id",
        "ALTER TABLE river DROP name",
        "ALTER TABLE city DROP name",
    ),
    "column dropped with the checks and indexes of child tables": (
        *ALL,
        "ALTER TABLE town ADD CHECK (id > b), ADD UNIQUE (id, b)",
        "CREATE INDEX ix_suburb ON suburb (id)",
        "CREATE INDEX ix_lower ON suburb (lower(name))",
        "ALTER TABLE suburb ADD PRIMARY KEY (id)",
        "ALTER TABLE city DROP COLUMN id, DROP COLUMN name",
    ),
    "column renamed": (
        *ALL,
        "ALTER TABLE city RENAME name TO title",
        "ALTER TABLE town RENAME b TO bb",
    ),
    "column of two parents renamed": (
        CITY,
        RIVER,
        PORT,
        "ALTER TABLE river RENAME length TO metres",
    ),
    "column renamed with the checks and indexes of child tables": (
        *ALL,
        "ALTER TABLE town ADD CHECK (id > 0), ADD UNIQUE (id, b), ADD CHECK (id > b)",
        "CREATE INDEX ix_suburb ON suburb (id)",
        "CREATE INDEX ix_lower ON suburb (lower(name))",
        "ALTER TABLE city RENAME id TO number",
        "ALTER TABLE city RENAME name TO title",
        "ALTER TABLE town DROP CONSTRAINT town_id_check",
    ),
    "column of another type": (
        *ALL,
        "ALTER TABLE city ALTER id TYPE bigint, ALTER name TYPE varchar(20)",
    ),
    "defaults": (*ALL, "ALTER TABLE city ALTER id SET DEFAULT 5, ALTER name DROP DEFAULT"),
    "a default of a child table": (
        *ALL,
        "ALTER TABLE town ALTER name SET DEFAULT 'town'",
        "ALTER TABLE suburb ALTER id SET DEFAULT 3",
        "ALTER TABLE city ALTER id TYPE bigint",
    ),
    "a default of a child table that the parent's replaces": (
        *ALL,
        "ALTER TABLE town ALTER name SET DEFAULT 'town'",
        "ALTER TABLE city ALTER name SET DEFAULT 'city'",
    ),
    "a default of a child table that goes": (
        *ALL,
        "ALTER TABLE town ALTER name SET DEFAULT 'town'",
        "ALTER TABLE city DROP name",
    ),
    "not null": (*ALL, "ALTER TABLE city ALTER name SET NOT NULL, ALTER id DROP NOT NULL"),
    "the default of a serial goes": (
        SERIAL,
        SPOT,
        "CREATE TABLE same (id int) INHERITS (place)",
        "ALTER TABLE place ALTER id DROP DEFAULT",
    ),
    "a key": (*ALL, "ALTER TABLE city ADD PRIMARY KEY (name)", "ALTER TABLE city ADD UNIQUE (id)"),
    "a check": (
        *ALL,
        "ALTER TABLE city ADD CHECK (id > 1), ADD CONSTRAINT c CHECK (id > 2)",
        "ALTER TABLE city DROP CONSTRAINT c",
    ),
    "a check that child tables have": (
        *ALL,
        "ALTER TABLE town ADD CONSTRAINT c CHECK (id > 2)",
        "ALTER TABLE city ADD CONSTRAINT c CHECK (id > 2)",
        "ALTER TABLE city DROP CONSTRAINT c",
    ),
    "a check renamed": (
        *ALL,
        "ALTER TABLE own ADD CONSTRAINT c CHECK (id > 2)",
        "ALTER TABLE city ADD CONSTRAINT c CHECK (id > 2)",
        "ALTER TABLE city RENAME CONSTRAINT c TO d",
        "ALTER TABLE city RENAME CONSTRAINT ck_name TO ck",
    ),
    "a check not valid": (
        *ALL,
        "ALTER TABLE city ADD CONSTRAINT c CHECK (id > 2) NOT VALID",
        "ALTER TABLE city VALIDATE CONSTRAINT c",
    ),
    "only the parent": (
        *ALL,
        "ALTER TABLE ONLY city ALTER name SET DEFAULT 'only', ALTER id SET DEFAULT 3",
        "ALTER TABLE ONLY city DROP COLUMN name",
        "ALTER TABLE ONLY town DROP COLUMN b",
        "ALTER TABLE ONLY city ADD UNIQUE (id)",
        "ALTER TABLE ONLY city ALTER id DROP DEFAULT",
        "ALTER TABLE city DROP id",
    ),
    "only the parent's check": (*ALL, "ALTER TABLE ONLY city DROP CONSTRAINT ck_name"),
    "only a check with two parents": (
        CITY,
        RIVER,
        PORT,
        "ALTER TABLE ONLY river DROP COLUMN id, DROP COLUMN length",
        "ALTER TABLE city DROP COLUMN id",
    ),
    "a parent more": (
        *ALL,
        RIVER,
        "ALTER TABLE town ADD length int, ADD CONSTRAINT river_length_check CHECK (length > 0), ALTER name SET NOT NULL",
        "ALTER TABLE town INHERIT river",
        "ALTER TABLE river ADD wide int",
        "ALTER TABLE town NO INHERIT city",
        "ALTER TABLE city ADD more int",
    ),
    "no parent": (
        *ALL,
        "ALTER TABLE suburb NO INHERIT town",
        "ALTER TABLE town NO INHERIT city",
        "ALTER TABLE city DROP name",
    ),
    "a parent renamed": (
        *ALL,
        "ALTER TABLE city RENAME TO place",
        "ALTER TABLE town RENAME TO village",
        "ALTER TABLE place ADD a int",
    ),
    "a parent dropped": (*ALL, "DROP TABLE suburb", "DROP TABLE city CASCADE"),
    "schemas": (
        "CREATE SCHEMA shop",
        CITY,
        "CREATE TABLE shop.city (id int, s int)",
        "CREATE TABLE shop.town (b int) INHERITS (shop.city)",
        "CREATE TABLE shop.place (b int) INHERITS (city)",
        "ALTER TABLE shop.city ADD more int",
        "ALTER TABLE city ADD other int",
        "ALTER TABLE shop.city RENAME s TO t",
    ),
    "a parent moved": (
        "CREATE SCHEMA shop",
        *ALL,
        "ALTER TABLE city SET SCHEMA shop",
        "ALTER TABLE shop.city ADD a int",
    ),
    "a comment": (
        *ALL,
        "COMMENT ON COLUMN city.id IS 'city'",
        "COMMENT ON COLUMN town.id IS 'town'",
        "COMMENT ON CONSTRAINT ck_name ON city IS 'city'",
        "ALTER TABLE city RENAME id TO number",
        "ALTER TABLE city DROP number",
    ),
    "operations of Alembic": (
        'op.create_table("city", sa.Column("id", sa.Integer, nullable=False), sa.Column("name", sa.Text))',
        'op.create_table("town", sa.Column("b", sa.Integer), sa.Column("name", sa.Text), postgresql_inherits="city")',
        SUBURB,
        'op.add_column("city", sa.Column("a", sa.Integer, server_default="3", nullable=False))',
        'op.alter_column("city", "name", type_=sa.String(9), nullable=False, server_default="x")',
        'op.create_check_constraint("ck", "city", "a > id")',
        'op.alter_column("city", "name", new_column_name="title")',
        'op.create_index("ix", "town", ["a", "title"])',
        'op.create_unique_constraint("uq", "suburb", ["a"])',
        'op.alter_column("town", "a", server_default="4")',
        'op.create_foreign_key("fk", "suburb", "suburb", ["id"], ["a"])',
        'op.drop_constraint("ck", "city")',
        'op.drop_constraint("fk", "suburb")',
        'op.drop_column("city", "a")',
        'op.drop_column("city", "title")',
        'op.rename_table("city", "place")',
        'op.drop_table("suburb")',
    ),
    "operations of ours": (
        'op.moltres_create_table(TableSchema("city", [column("id", "INTEGER"), column("name", "TEXT")]))',
        (
            'op.moltres_create_table(TableSchema("town", [column("b", "INTEGER"), column("name", "TEXT")], '
            'dialect_options={"postgresql_inherits": "city"}))'
        ),
        SUBURB,
        """with op.moltres_alter_table("city") as city:
    city.add_column(column("a", "INTEGER", default=3, nullable=False))
    city.alter_column(column("name", "TEXT"), column("name", "TEXT", nullable=False))
    city.add_constraint(check("a > id", name="ck"))""",
        """with op.moltres_alter_table("city") as city:
    city.rename_column("name", "title")
    city.drop_constraint(check("a > id", name="ck"))""",
        """with op.moltres_alter_table("town") as town:
    town.create_index(index("ix", ["a"]))
    town.alter_column(
        column("a", "INTEGER", default=3, nullable=False), column("a", "INTEGER", default=5, nullable=False)
    )""",
        """with op.moltres_alter_table("city") as city:
    city.drop_column(column("a", "INTEGER", default=3, nullable=False))""",
        """with op.moltres_alter_table("town") as town:
    town.set_options({}, {"postgresql_inherits": "city"})""",
        'op.moltres_rename_table("city", "place")',
    ),
    "a partition": (
        PLAIN_LOG,
        "CREATE TABLE day (kind text, v int, id int NOT NULL)",
        "CREATE TABLE night PARTITION OF log FOR VALUES FROM (10) TO (20)",
        "ALTER TABLE log ATTACH PARTITION day FOR VALUES FROM (0) TO (10)",
        "ALTER TABLE log ADD a int NOT NULL DEFAULT 3, ADD CONSTRAINT ck CHECK (v > 0)",
        "ALTER TABLE log ALTER v TYPE bigint, ALTER kind SET DEFAULT 'x'",
        "ALTER TABLE log RENAME kind TO sort",
        "ALTER TABLE day ALTER sort SET DEFAULT 'day'",
        "ALTER TABLE log DROP a",
        "CREATE TABLE rest PARTITION OF log DEFAULT",
        "DROP TABLE rest",
        "ALTER TABLE log DETACH PARTITION day",
        "ALTER TABLE log DETACH PARTITION night",
        "ALTER TABLE log ADD b int",
        "ALTER TABLE night ADD c int",
        "DROP TABLE day",
    ),
    "statements about partitions": (
        PLAIN_LOG,
        "CREATE TABLE night PARTITION OF log FOR VALUES FROM (10) TO (20)",
        (
            "CREATE TABLE day PARTITION OF log (CONSTRAINT ck_day CHECK (id < 10), CHECK (v > 0))"
            f" FOR VALUES FROM (0) TO (10){OPTIONS}"
        ),
        "CREATE TABLE rest PARTITION OF log DEFAULT PARTITION BY LIST (kind)",
        "CREATE TABLE rest_a PARTITION OF rest DEFAULT",
        "ALTER TABLE night ADD CONSTRAINT ck CHECK (v > 0)",
        'op.create_index("ix_night", "night", ["v"])',
        "ALTER TABLE night ALTER v SET DEFAULT 5",
        "ALTER TABLE rest_a ALTER v SET DEFAULT 6",
        "ALTER TABLE night RENAME TO evening",
        "ALTER TABLE log ADD a int",
        "ALTER TABLE log DETACH PARTITION evening",
        "ALTER TABLE log DETACH PARTITION rest",
        "ALTER TABLE rest ADD b int",
        'op.drop_table("rest_a")',
    ),
    "a partition with keys": (
        LOG,
        "CREATE TABLE day (kind text, v int, id int PRIMARY KEY)",
        "ALTER TABLE log ATTACH PARTITION day FOR VALUES FROM (0) TO (10)",
        "CREATE INDEX ix_v ON log (v)",
        "ALTER TABLE log DROP v",
        "ALTER TABLE log RENAME TO logs",
        "ALTER TABLE logs ADD c int",
        "DROP TABLE logs",
    ),
    "a key over an inherited column": (
        CITY,
        "CREATE TABLE town (b int, PRIMARY KEY (id, b), UNIQUE (name)) INHERITS (city)",
        "ALTER TABLE city ADD a int",
    ),
}


def run(statement: str) -> None:
    """Run a call of `op`, or SQL."""
    if statement.startswith(("op.", "with ")):
        exec(statement, {"op": op, "sa": sa, **vars(schema)})
    else:
        op.execute(statement)


def version(connection: sa.Connection) -> int:
    found = connection.dialect.server_version_info
    return int(found[0]) if found else 0


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("statements", [pytest.param(CASES[name], id=name) for name in CASES])
def test_the_state_is_what_postgresql_makes_of_child_tables(
    statements: tuple[str, ...], database: str, new_engine: Callable[[], sa.Engine]
) -> None:
    """After each of the statements."""
    engine = new_engine()
    with engine.connect() as connection:
        if statements is CASES["column added that a child table has"] and version(connection) >= 18:
            pytest.skip("PostgreSQL 18 makes the child's column NOT NULL, older ones do not")
    standing = MigrationContext.configure(connect(engine.dialect, None))
    recorder: Recorder = standing.dialect.database  # type: ignore[attr-defined]
    recorder.begin("r", __file__)
    with engine.connect() as connection:
        for statement in statements:
            with Operations.context(MigrationContext.configure(connection)):
                run(statement)
            connection.commit()
            with recording_operations(standing, recorder):
                run(statement)
            state = recorder.state()
            assert state.uncertain == ()
            assert differences(connection, state) == [], statement


def test_partitions_are_there_for_an_inspector() -> None:
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    standing = MigrationContext.configure(connect(dialect, None))
    recorder: Recorder = standing.dialect.database  # type: ignore[attr-defined]
    recorder.begin("r", __file__)
    with recording_operations(standing, recorder):
        run(PLAIN_LOG)
        run("CREATE TABLE night PARTITION OF log FOR VALUES FROM (10) TO (20)")
        inspector = sa.inspect(op.get_bind())
        assert inspector.get_table_names() == ["log", "night"]
        assert [each["name"] for each in inspector.get_columns("night")] == ["id", "kind", "v"]
    assert list(recorder.state().tables) == ["log"]


REJECTED = {
    "an inherited column dropped": ("ALTER TABLE town DROP id", ("town", "suburb")),
    "an inherited column renamed": ("ALTER TABLE own RENAME id TO number", ("own",)),
    "a column added that is inherited": ("ALTER TABLE suburb ADD id int", ("suburb",)),
    "a parent dropped": ("DROP TABLE town", ("town", "suburb")),
    "an unknown parent": ("CREATE TABLE t (a int) INHERITS (nothing)", ("t",)),
    "no parent": ("ALTER TABLE town NO INHERIT own", ("town", "suburb")),
    "a parent already": ("ALTER TABLE town INHERIT city", ("town", "suburb")),
    "keys of a detached partition": (
        f"{LOG}; CREATE TABLE m1 PARTITION OF log DEFAULT; ALTER TABLE log DETACH PARTITION m1",
        ("m1",),
    ),
    "a partition with options of a column": (
        f"{LOG}; CREATE TABLE m1 PARTITION OF log (v DEFAULT 5) DEFAULT",
        ("m1",),
    ),
    "a partition that lacks a column": (
        f"{LOG}; ALTER TABLE log ATTACH PARTITION town DEFAULT",
        ("town", "suburb"),
    ),
    "a parent with another column": (
        f"{RIVER}; ALTER TABLE town INHERIT river",
        ("town", "suburb"),
    ),
    "no partition": ("ALTER TABLE city DETACH PARTITION town", ("town", "suburb")),
    "an unknown partition": ("ALTER TABLE city DETACH PARTITION nothing", ("nothing",)),
    "a parent that is uncertain": ("ALTER TABLE city OF kind", ("city", "town", "own", "suburb")),
}


@pytest.mark.parametrize("statement", [pytest.param(REJECTED[name], id=name) for name in REJECTED])
def test_what_the_server_rejects_or_nobody_knows_makes_child_tables_uncertain(
    statement: tuple[str, tuple[str, ...]],
) -> None:
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    standing = MigrationContext.configure(connect(dialect, None))
    recorder: Recorder = standing.dialect.database  # type: ignore[attr-defined]
    recorder.begin("r", __file__)
    text, tables = statement
    with recording_operations(standing, recorder):
        for each in (*ALL, text):
            run(each)
    (found,) = recorder.uncertainties()
    assert sorted(tables) == sorted(found.tables)
