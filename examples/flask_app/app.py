"""A notebook in Flask, with Flask-Migrate and alembic-moltres.

Run it: `flask db upgrade`, then `flask run`. `flask db moltres` has the commands of
`alembic-moltres`: `flask db moltres check`, `flask db moltres drift`, ...
"""

import os

import click
from flask import Flask, request
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_migrate.cli import db as db_commands
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from alembic_moltres.commands.command_line import main


class Base(DeclarativeBase):
    """The models' base."""


db = SQLAlchemy(model_class=Base)


class Notebook(db.Model):
    """Where notes are."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)

    notes: Mapped[list["Note"]] = relationship(back_populates="notebook")


class Note(db.Model):
    """A note."""

    id: Mapped[int] = mapped_column(primary_key=True)
    notebook_id: Mapped[int] = mapped_column(ForeignKey("notebook.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    is_done: Mapped[bool] = mapped_column(server_default=false())

    notebook: Mapped[Notebook] = relationship(back_populates="notes")


@db_commands.command(
    "moltres", add_help_option=False, context_settings={"ignore_unknown_options": True}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def moltres(arguments: tuple[str, ...]) -> None:
    """Run a command of alembic-moltres: check, drift, state, ..."""
    main(["-c", "migrations/alembic.ini", *arguments], prog="flask db moltres")


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///notes.db")
db.init_app(app)
Migrate(app, db, autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"])


@app.get("/")
def list_notes() -> list[dict[str, object]]:
    """Return all notes."""
    notes = db.session.scalars(db.select(Note).order_by(Note.id))
    return [{"notebook": note.notebook.title, "text": note.text} for note in notes]


@app.post("/<title>")
def add_note(title: str) -> tuple[str, int]:
    """Add a note to a notebook, which is made if there is none."""
    notebook = db.session.scalar(db.select(Notebook).filter_by(title=title))
    note = Note(notebook=notebook or Notebook(title=title), text=request.get_data(as_text=True))
    db.session.add(note)
    db.session.commit()
    return "", 201
