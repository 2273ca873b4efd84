"""Written by hand: a change of every kind inside a table."""

from alembic import op

from alembic_moltres import (
    check,
    column,
    computed,
    foreign_key,
    identity,
    index,
    primary_key,
    unique,
)

revision = "alter"
down_revision = "create"


def upgrade() -> None:
    with op.moltres_alter_table("places") as places:
        places.drop_index(index("ix_places_mood", "mood"))
        places.drop_constraint(unique("name", name="places_name"))
        places.drop_constraint(check("id > 0", name="positive"))
        places.rename_column("name", "title")
        places.alter_column(
            column("title", "VARCHAR(20)", comment="what it is called"),
            column("title", "VARCHAR(50)", nullable=False, default="none"),
            fill_null=True,
        )
        places.alter_column(
            column("twice", "BIGINT", computed=computed("id * 2", persisted=True)),
            column("twice", "BIGINT", computed=computed("id * 3", persisted=True)),
        )
        places.add_column(column("state", "ENUM('open','shut',name='state')"))
        places.add_column(column("size", "INTEGER", default="0", comment="in m²"))
        places.add_constraint(unique("title", name="places_title"))
        places.create_index(index("ix_places_size", "size", unique=True))
        places.set_comment(None, "where things are")
        places.set_options({"postgresql_with": {"ttl": "on"}}, {})
    with op.moltres_alter_table("places") as places:
        places.alter_column(column("size", "INTEGER", default="0"), column("size", "TEXT"))
        places.alter_column(
            column("twice", "BIGINT", computed=computed("id * 3", persisted=True)),
            column("twice", "BIGINT"),
        )
        places.drop_column(column("state", "ENUM('open','shut',name='state')"))
    with op.moltres_alter_table("visits") as visits:
        visits.drop_constraint(primary_key("id"))
        visits.add_constraint(primary_key(["id", "place_id"]))
        visits.drop_constraint(foreign_key("place_id", "places", "id", name="fk_place"))
        visits.add_constraint(
            foreign_key("place_id", "places", "id", name="fk_places", on_delete="CASCADE")
        )
        visits.add_column(column("number", "BIGINT", nullable=False, identity=identity()))
        visits.alter_column(
            column("number", "BIGINT", nullable=False, identity=identity()),
            column("number", "BIGINT", nullable=False, identity=identity(increment=5)),
        )
    op.moltres_rename_table("visits", "calls")


def downgrade() -> None:
    raise NotImplementedError
