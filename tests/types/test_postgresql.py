"""PostgreSQL's own types."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql.types import PGUuid
from sqlalchemy.types import TypeEngine

from alembic_moltres.errors import FreezeError
from alembic_moltres.types import moltres_type_to_sqlalchemy_type, sqlalchemy_type_to_moltres_type
from tests.types.both_ways import assert_both_ways

PLAIN = [
    "BYTEA",
    "CIDR",
    "DATEMULTIRANGE",
    "DATERANGE",
    "HSTORE",
    "INET",
    "INT4MULTIRANGE",
    "INT4RANGE",
    "INT8MULTIRANGE",
    "INT8RANGE",
    "JSON",
    "JSONB",
    "JSONPATH",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "NUMMULTIRANGE",
    "NUMRANGE",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TSMULTIRANGE",
    "TSQUERY",
    "TSRANGE",
    "TSTZMULTIRANGE",
    "TSTZRANGE",
    "TSVECTOR",
]

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    *((f"postgresql.{name}", getattr(pg, name)()) for name in PLAIN),
    ("postgresql.UUID", PGUuid()),
    ("sql.UUID", pg.UUID(as_uuid=False)),
    ("postgresql.ARRAY(INTEGER)", pg.ARRAY(sa.Integer)),
    ("postgresql.ARRAY(ENUM('a',name='mood'),dimensions=2)", pg.ARRAY(sa.Enum("a", name="mood"), dimensions=2)),
    ("postgresql.BIT(1)", pg.BIT()),
    ("postgresql.BIT(5)", pg.BIT(5)),
    ("postgresql.BIT(varying=True)", pg.BIT(varying=True)),
    ("postgresql.BIT(5,varying=True)", pg.BIT(5, varying=True)),
    ("postgresql.INTERVAL(fields='DAY TO SECOND',precision=3)", pg.INTERVAL(3, "DAY TO SECOND")),
    ("postgresql.TIME(precision=0)", pg.TIME(precision=0)),
    ("postgresql.TIMESTAMP(precision=3,timezone=True)", pg.TIMESTAMP(precision=3, timezone=True)),
    ("postgresql.ENUM('a','b',name='mood')", pg.ENUM("a", "b", name="mood")),
    (
        "postgresql.ENUM('a',name='mood',create_type=False,schema='app')",
        pg.ENUM("a", name="mood", schema="app", create_type=False),
    ),
    (
        "postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')",
        pg.DOMAIN("positive", sa.Integer, check="VALUE > 0"),
    ),
    (
        (
            "postgresql.DOMAIN(TEXT,name='Code',check=\"VALUE ~ '^\\\\d+%'\",collation='C',"
            "constraint_name='is_code',default=\"it's\",not_null=True,quote=True,schema='app')"
        ),
        pg.DOMAIN(
            "Code", sa.Text, check=r"VALUE ~ '^\d+%'", collation="C", default="it's",
            constraint_name="is_code", not_null=True, schema="app", quote=True,
        ),
    ),
    (
        "postgresql.DOMAIN(TIMESTAMP,name='seen',create_type=False,default=SQL('now()'))",
        pg.DOMAIN("seen", sa.DateTime, default=sa.text("now()"), create_type=False),
    ),
    (
        "postgresql.DOMAIN(INTEGER,name='d',check='x > 3',default=SQL('1'))",
        pg.DOMAIN("d", sa.Integer, check=sa.column("x") > 3, default=sa.literal(1)),  # type: ignore[arg-type]
    ),
    (
        "postgresql.DOMAIN(TEXT,name='d',check=\"VALUE ~ 'a:b'\")",
        pg.DOMAIN("d", sa.Text, check=r"VALUE ~ 'a\:b'"),
    ),
]  # fmt: skip

if hasattr(pg, "CITEXT"):
    TYPES.append(("postgresql.CITEXT(collation='C')", pg.CITEXT(collation="C")))


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_postgresql_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)


def test_the_text_of_a_domain_is_written_as_it_stands() -> None:
    domain = moltres_type_to_sqlalchemy_type(
        r"postgresql.DOMAIN(TEXT,name='d',check='a :b \\:c %')"
    )
    dialect = pg.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    created = pg.CreateDomainType(domain).compile(dialect=dialect)

    assert r"CREATE DOMAIN d AS TEXT CHECK (a :b \:c %)" == str(created)


def test_a_condition_that_is_no_text_is_refused() -> None:
    domain = pg.DOMAIN("d", sa.Text, check=sa.column("x") == sa.literal(object()))  # type: ignore[arg-type]

    with pytest.raises(FreezeError, match="of a domain has no text"):
        sqlalchemy_type_to_moltres_type(domain)
