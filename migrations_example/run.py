"""Take the shop's database up to head and back again, on SQLite, and show it: `make example`.

It runs Alembic's own commands and some of `alembic-moltres`, and ends with an exit code other than
0 if anything is wrong.
"""

from __future__ import annotations

import io
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from alembic_moltres.commands import erd, plan
from shop.models import Base, Order, OrderItem, OrderStatus, Product, Review, Tag, User

ALEMBIC_INI = Path(__file__).parents[1] / "alembic.ini"
VERSION_TABLE = "alembic_version"
NEWEST = "c27e51f09a6d:heads"
AFTER_THE_MERGE = "90b1e4c2d7a5"

console = Console(highlight=False)


def alembic_config(url: str) -> Config:
    """Return the configuration of `alembic -x url=...`, without its log."""
    return Config(
        ALEMBIC_INI,
        stdout=io.StringIO(),
        cmd_opts=Namespace(x=[f"url={url}"]),
        attributes={"configure_logger": False},
    )


def write_rows(engine: sa.Engine) -> None:
    """Sell two teapots through the models."""
    with Session(engine) as session:
        teapot = Product(name="Teapot", price=Decimal("24.50"), attributes={"litres": 1.2})
        teapot.tags = [Tag(name="kitchen"), Tag(name="tea")]
        item = OrderItem(product=teapot, quantity=2, unit_price=teapot.price)
        session.add(User(name="Ada", email="ada@example.org", orders=[Order(items=[item])]))
        session.commit()


def read_rows(engine: sa.Engine) -> str:
    """Read the order back, with what the database itself filled in."""
    with Session(engine) as session:
        order = session.scalars(sa.select(Order)).one()
        (item,) = order.items
        expect(order.status is OrderStatus.OPEN, "the order's status is its default")
        expect(item.total == Decimal("49.00"), "the item's total is computed by the database")
        tags = ", ".join(sorted(tag.name for tag in item.product.tags))
        return (
            f"{order.user.name} ordered {item.quantity} x {item.product.name} ({tags}; "
            f"{item.product.attributes}) for {item.total}, {order.status.value}"
        )


def write_review(engine: sa.Engine) -> None:
    """Let Ada review her teapot, in a database that does not know yet who has bought what."""
    with Session(engine) as session:
        order = session.scalars(sa.select(Order)).one()
        names = ("product_id", "user_id", "rating")
        old = sa.table(
            "reviews", *(sa.column(name, Review.__table__.c[name].type) for name in names)
        )
        values = (order.items[0].product_id, order.user_id, 5)
        session.execute(old.insert().values(dict(zip(names, values, strict=True))))
        session.commit()


def verified_reviews(engine: sa.Engine) -> int:
    """Return how many reviews are by those who have bought the product."""
    with Session(engine) as session:
        reviews = sa.select(sa.func.count()).select_from(Review).where(Review.is_verified)
        return session.scalars(reviews).one()


def show_history(url: str) -> None:
    """Print what the newest revisions do, and the diagram of the tables; no database is asked."""
    for name, command_of_ours, revisions in (("plan", plan, NEWEST), ("erd", erd, "heads")):
        console.print(f"[bold]alembic-moltres {name} {revisions}[/]")
        config, shown = alembic_config(url), io.StringIO()
        config.stdout = shown
        command_of_ours(config, revisions)
        console.print(shown.getvalue(), markup=False, soft_wrap=True)


def expect(is_so: bool, what: str) -> None:  # noqa: FBT001 - it reads like a sentence
    """End with an error if something is not as it should be."""
    if not is_so:
        raise SystemExit(f"not so: {what}")


def show_tables(engine: sa.Engine) -> None:
    """Print every table that the database has."""
    inspector = sa.inspect(engine)
    for name in inspector.get_table_names():
        if name != VERSION_TABLE:
            console.print(table_of(inspector, name))
            console.print()


def table_of(inspector: sa.Inspector, name: str) -> Table:
    """Return columns, keys, checks and indexes of one table, as the database tells them."""
    shown = Table(title=name, title_justify="left", title_style="bold", show_edge=False)
    for heading in ("column", "type", "null", "default", "keys"):
        shown.add_column(heading)
    marks = column_marks(inspector, name)
    for column in inspector.get_columns(name):
        shown.add_row(
            column["name"],
            str(column["type"]),
            "yes" if column["nullable"] else "no",
            column["default"] or "",
            ", ".join(marks.get(column["name"], [])),
        )
    notes = [
        f"computed {column['name']} = {column['computed']['sqltext']}"
        for column in inspector.get_columns(name)
        if "computed" in column
    ]
    notes += [f"check {check['sqltext']}" for check in inspector.get_check_constraints(name)]
    notes += [
        f"unique {joined(unique['column_names'])}"
        for unique in inspector.get_unique_constraints(name)
        if len(unique["column_names"]) > 1
    ]
    for index in inspector.get_indexes(name):
        condition = index.get("dialect_options", {}).get("sqlite_where")
        where = "" if condition is None else f" where {condition}"
        notes.append(f"index {index['name']} on {joined(index['column_names'])}{where}")
    shown.caption = "\n".join(notes)
    shown.caption_justify = "left"
    return shown


def column_marks(inspector: sa.Inspector, name: str) -> dict[str, list[str]]:
    """Return for each column the keys that it is part of; UNIQUE over several stands below."""
    marks: dict[str, list[str]] = {}
    for column in inspector.get_pk_constraint(name)["constrained_columns"]:
        marks.setdefault(column, []).append("primary key")
    for unique in inspector.get_unique_constraints(name):
        if len(unique["column_names"]) == 1:
            marks.setdefault(unique["column_names"][0], []).append("unique")
    for key in inspector.get_foreign_keys(name):
        target = f"{key['referred_table']}.{joined(key['referred_columns'])}"
        marks.setdefault(key["constrained_columns"][0], []).append(f"references {target}")
    return marks


def joined(names: Iterable[str | None]) -> str:
    """Return names in a row; an expression has none."""
    return ", ".join(name or "(expression)" for name in names)


def main() -> None:
    """Run the example."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'shop.db'}"
        config = alembic_config(url)
        engine = sa.create_engine(url, poolclass=sa.NullPool)

        console.print("[bold]alembic upgrade head[/]")
        command.upgrade(config, "head")
        for script in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
            console.print(f"  {script.revision}  {script.doc}")
        made = set(sa.inspect(engine).get_table_names()) - {VERSION_TABLE}
        expect(made == set(Base.metadata.tables), "the migrations make the models' tables")
        console.print(f"  made {len(made)} tables in a new SQLite file\n")
        show_tables(engine)

        console.print("[bold]alembic check[/]")
        command.check(config)
        console.print("  the database is what the models say\n")

        console.print("[bold]the application[/]")
        write_rows(engine)
        console.print(f"  {read_rows(engine)}\n")

        console.print("[bold]a data migration[/]")
        command.downgrade(config, AFTER_THE_MERGE)
        write_review(engine)
        command.upgrade(config, "head")
        expect(verified_reviews(engine) == 1, "the migration marks the review of a buyer")
        console.print("  Ada's review is marked as one of a buyer\n")

        show_history(url)

        console.print("[bold]alembic downgrade base[/]")
        command.downgrade(config, "base")
        left = set(sa.inspect(engine).get_table_names()) - {VERSION_TABLE}
        expect(not left, "the way back leaves no table")
        console.print("  nothing is left; the file is removed")


if __name__ == "__main__":
    main()
