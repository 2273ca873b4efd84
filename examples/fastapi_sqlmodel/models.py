"""The models of the reading list."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel


class Author(SQLModel, table=True):
    """Who writes books."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100, unique=True)

    books: list["Book"] = Relationship(back_populates="author")


class Book(SQLModel, table=True):
    """What is to be read."""

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200, index=True)
    pages: int | None = Field(default=None)
    author_id: int = Field(foreign_key="author.id", ondelete="CASCADE")
    added_at: datetime = Field(
        default_factory=lambda: datetime.now(UTC),
        sa_type=sa.DateTime(timezone=True),  # type: ignore[call-overload]
        sa_column_kwargs={"server_default": sa.func.now()},
    )

    author: Author = Relationship(back_populates="books")
