"""Partitions of PostgreSQL: made by hand, attached, of partitions; models that leave them out, state them, were reflected."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.commands.command_line import run
from tests.dump import dump
from tests.operations.circle import execute

HEAD = "import sqlalchemy as sa\ntarget_metadata = metadata = sa.MetaData()\n"
PARENTS = """
sa.Table(
    "meas", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("day", sa.Date, primary_key=True),
    sa.Column("v", sa.Integer), sa.Index("ix_v", "v"), sa.CheckConstraint("v > 0", name="ck_v"),
    postgresql_partition_by="RANGE (day)",
)
sa.Table(
    "h", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", sa.Text),
    postgresql_partition_by="HASH (id)",
)
"""
BY_HAND = (
    "CREATE TABLE y24 PARTITION OF meas FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE y25 PARTITION OF meas FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id)",
    "CREATE TABLE y25_1 PARTITION OF y25 FOR VALUES IN (1)",
    "CREATE TABLE rest PARTITION OF meas DEFAULT",
    "CREATE TABLE att (id integer NOT NULL, day date NOT NULL, v integer, CONSTRAINT ck_v CHECK (v > 0))",
    "ALTER TABLE meas ATTACH PARTITION att FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
    "CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
    "CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor=50)",
)
PLAIN = """
for name in ("y24", "y25", "y25_1", "rest", "att"):
    by = {{"postgresql_partition_by": "LIST (id)"}} if name == "y25" else {{}}
    sa.Table(
        name, metadata, sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True), sa.Column("v", sa.Integer), {more} **by
    )
sa.Table("h0", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", sa.Text))
"""
REFLECTED = """
engine = sa.create_engine({url!r}, poolclass=sa.NullPool)
metadata.reflect(engine)
metadata.remove(metadata.tables["alembic_version"])
"""


@pytest.mark.parametrize("configure", ["", 'moltres={"strict": True},'])
@pytest.mark.parametrize(
    "models",
    [
        pytest.param(PARENTS, id="not modelled"),
        pytest.param(PARENTS + PLAIN.format(more=""), id="without index and check"),
        pytest.param(
            PARENTS + PLAIN.format(more='sa.CheckConstraint("v > 0", name="ck_v"),'), id="check"
        ),
        pytest.param(REFLECTED, id="reflected"),
    ],
)
def test_partitions_are_no_difference(
    alembic_project: ProjectFactory, pg_engine: sa.Engine, models: str, configure: str
) -> None:
    if configure and models == REFLECTED:
        pytest.skip("SQLAlchemy does not reflect PARTITION BY, which is compared then")
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + PARENTS, url, configure=configure)
    project.revision("before")
    project.upgrade()
    for each in BY_HAND:
        execute(pg_engine, each)
    if configure:  # strict compares the storage parameters of h1
        execute(pg_engine, "ALTER TABLE h1 RESET (fillfactor)")
    project.write_models(HEAD + models.replace("{url!r}", repr(url)))
    done = run(project, "check")
    assert 0 == done.status, done.out + done.err


OF_THEIR_OWN = (
    "CREATE INDEX own ON y24 (v) WHERE v > 5",
    "ALTER TABLE y24 ADD CONSTRAINT own_check CHECK (v <> 7 AND v::text NOT LIKE '%:%')",
    "ALTER TABLE y24 ADD CONSTRAINT own_unique UNIQUE (v)",
    "ALTER TABLE y24 ALTER COLUMN v SET DEFAULT 5",
    "COMMENT ON TABLE y24 IS 'it''s 100%'",
    "ALTER TABLE y25_1 SET (fillfactor = 50, autovacuum_enabled = off)",
    "CREATE UNLOGGED TABLE y26 PARTITION OF meas FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
)


def own_structure(engine: sa.Engine) -> list[str]:
    """Return the dump, but for the names that PostgreSQL 18 gave NOT NULL before ATTACH."""
    named = "CONSTRAINT att_day_not_null", "CONSTRAINT att_id_not_null", "CONSTRAINT meas_"
    lines = dump(engine).splitlines()
    return [
        each
        for each in lines
        if each and not (each.startswith(named) and " ON att NOT NULL " in each)
    ]


@pytest.mark.parametrize("way", ["online", "offline"])
def test_partitions_come_back_with_what_is_their_own(
    alembic_project: ProjectFactory, pg_engine: sa.Engine, way: str
) -> None:
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + PARENTS, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    for each in (*BY_HAND, *OF_THEIR_OWN):
        execute(pg_engine, each)
    old = own_structure(pg_engine)
    project.write_models(HEAD + 'sa.Table("other", metadata, sa.Column("id", sa.Integer))\n')
    project.revision("after", rev_id="b2")
    project.upgrade()
    if way == "offline":
        execute(pg_engine, project.downgrade("b2:a1", sql=True))
    else:
        project.downgrade("a1")
    assert old == own_structure(pg_engine)
