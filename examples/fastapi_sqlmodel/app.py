"""A reading list in FastAPI and SQLModel.

Run it: `alembic-moltres upgrade head`, then `fastapi run app.py`.
"""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from models import Author, Book
from sqlmodel import Session, SQLModel, create_engine, select

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///reading.db"))
app = FastAPI(title="Reading list")


class NewBook(SQLModel):
    """What a client says of a book."""

    title: str
    author: str
    pages: int | None = None


def session() -> Iterator[Session]:
    """Give a session to a request."""
    with Session(engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]


@app.get("/books")
def list_books(opened: Opened) -> list[NewBook]:
    """Return all books, by title."""
    books = opened.exec(select(Book).order_by(Book.title))
    return [NewBook(title=b.title, author=b.author.name, pages=b.pages) for b in books]


@app.post("/books", status_code=201)
def add_book(book: NewBook, opened: Opened) -> None:
    """Add a book; an author who is not there is added, too."""
    author = opened.exec(select(Author).where(Author.name == book.author)).first()
    written_by = author or Author(name=book.author)
    opened.add(Book(title=book.title, pages=book.pages, author=written_by))
    opened.commit()
