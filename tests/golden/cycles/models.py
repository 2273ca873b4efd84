"""Foreign keys in cycles: over two tables, over three, with and without names and `use_alter`."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    captain_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("players.id", name="fk_teams_captain", use_alter=True)
    )


class Player(Base):
    __tablename__ = "players"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    coach_id: Mapped[int | None] = mapped_column(sa.ForeignKey("players.id"))


class Hen(Base):
    __tablename__ = "hens"
    id: Mapped[int] = mapped_column(primary_key=True)
    egg_id: Mapped[int | None] = mapped_column(sa.ForeignKey("eggs.id"))


class Egg(Base):
    __tablename__ = "eggs"
    id: Mapped[int] = mapped_column(primary_key=True)
    hen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hens.id", name="fk_eggs_hen"))


class Rock(Base):
    __tablename__ = "rock"
    id: Mapped[int] = mapped_column(primary_key=True)
    beats: Mapped[int | None] = mapped_column(sa.ForeignKey("scissors.id"))


class Paper(Base):
    __tablename__ = "paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    beats: Mapped[int | None] = mapped_column(sa.ForeignKey("rock.id"))


class Scissors(Base):
    __tablename__ = "scissors"
    id: Mapped[int] = mapped_column(primary_key=True)
    beats: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"))
