"""Names that a script must not stumble over."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

target_metadata = sa.MetaData()


class Base(DeclarativeBase):
    metadata = target_metadata


class Sequence(Base):
    """Bears a name that the template imports."""

    __tablename__ = "select"
    id: Mapped[int] = mapped_column(primary_key=True)
    order: Mapped[str] = mapped_column("order", sa.String(10), index=True)


class column(Base):  # noqa: N801
    """Bears the name of a helper function."""

    __tablename__ = "column"
    id: Mapped[int] = mapped_column(primary_key=True)


class int(Base):  # noqa: A001, N801
    """Bears the name of a builtin."""

    __tablename__ = "int"
    id: Mapped[str] = mapped_column(sa.String(10), primary_key=True)


sa.Table("2020 über-läufe", target_metadata, sa.Column("ä'b\"c%(d)s\\", sa.String(10)))
sa.Table(
    "quoted",
    target_metadata,
    sa.Column(
        "Mixed Case", sa.Integer, comment="100 % 'quoted' \"twice\"\nover \\ two lines, \N{SNOWMAN}"
    ),
    sa.Column("text", sa.String(99), server_default='it\'s 100 %, "so" ' + "very " * 12 + "long"),
    sa.CheckConstraint("text <> 'a:b % c'", name="ck % :percent"),
)
