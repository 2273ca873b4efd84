"""The reading list, on a database that its migrations have made."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from app import app, session
from fastapi.testclient import TestClient
from sqlmodel import Session

INI = Path(__file__).parents[1] / "alembic.ini"


@pytest.fixture
def client(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'reading.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    command.upgrade(Config(INI), "head")
    engine = sa.create_engine(url, poolclass=sa.NullPool)

    def opened():
        with Session(engine) as found:
            yield found

    app.dependency_overrides[session] = opened
    return TestClient(app)


def test_a_book_is_listed(client):
    book = {"title": "Middlemarch", "author": "George Eliot", "pages": 904}
    assert client.post("/books", json=book).status_code == 201
    assert client.get("/books").json() == [book]


def test_rows_survive_every_revision(moltres_history):
    moltres_history.walk()
