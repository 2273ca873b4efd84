"""Whose transaction it is: of one database, of the caller, of a task."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alembic_moltres import QueryError
from alembic_moltres.dataframe import Database, connect
from tests.dataframe.models import Tag, User


def _tags(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(Tag)).scalar_one())


def _row(number: int) -> list[dict[str, Any]]:
    return [{"id": number, "label": "x"}]


def test_a_table_is_made_in_the_transaction(db: Database) -> None:
    if db.dialect.name == "mysql":
        pytest.skip("MariaDB commits with every CREATE TABLE")
    with pytest.raises(KeyError), db.transaction():  # noqa: PT012
        db.create_table(User).collect()
        db.create_table(Tag).collect()
        db.insert(Tag, _row(1))
        assert 1 == db.table(Tag).select().count()
        raise KeyError
    assert [] == db.get_table_names()


def test_savepoints_are_rolled_back_alone(db: Database) -> None:
    db.create_table(Tag).collect()
    with db.transaction():
        db.insert(Tag, _row(1))
        with pytest.raises(KeyError), db.transaction(savepoint=True):  # noqa: PT012
            db.insert(Tag, _row(2))
            raise KeyError
    assert 1 == db.table(Tag).select().count()


def test_a_transaction_is_of_one_database(db: Database) -> None:
    db.create_table(Tag).collect()
    with connect("sqlite://") as other, pytest.raises(KeyError), db.transaction():  # noqa: PT012
        other.create_table(Tag).collect()
        other.insert(Tag, _row(1))
        assert not other.is_in_transaction()
        assert 0 == db.table(Tag).select().count()
        raise KeyError
    assert 0 == db.table(Tag).select().count()


def test_a_session_has_everything_in_its_transaction(any_engine: sa.Engine) -> None:
    Tag.metadata.create_all(any_engine)
    with Session(any_engine) as session:
        db = connect(session=session)
        session.add(Tag(id=1, label="a"))
        session.flush()
        assert [1] == [row["id"] for row in db.table(Tag).select().collect()]
        db.insert(Tag, _row(2))
        with db.transaction():
            db.insert(Tag, _row(3))
        with pytest.raises(KeyError), db.transaction():  # noqa: PT012
            db.insert(Tag, _row(4))
            raise KeyError
        assert 3 == session.scalar(sa.select(sa.func.count()).select_from(Tag))
        session.rollback()
    assert 0 == _tags(any_engine)


def test_a_transaction_that_begins_a_sessions_commits_it(any_engine: sa.Engine) -> None:
    Tag.metadata.create_all(any_engine)
    with Session(any_engine) as session:
        db = Database.from_session(session)
        with db.transaction():
            db.insert(Tag, _row(1))
        session.rollback()
    assert 1 == _tags(any_engine)


def test_a_connection_has_everything_in_its_transaction(any_engine: sa.Engine) -> None:
    Tag.metadata.create_all(any_engine)
    with any_engine.connect() as connection:
        db = Database.from_connection(connection)
        db.insert(Tag, _row(1))
        with db.transaction():
            db.insert(Tag, _row(2))
        assert 2 == db.table(Tag).select().count()
        connection.rollback()
    assert 0 == _tags(any_engine)
    with any_engine.begin() as connection:
        Database.from_connection(connection).insert(Tag, _row(1))
    assert 1 == _tags(any_engine)


def test_a_session_on_a_connection_is_taken(any_engine: sa.Engine) -> None:
    Tag.metadata.create_all(any_engine)
    with any_engine.connect() as connection, Session(connection) as session:
        connect(session=session).insert(Tag, _row(1))
        session.rollback()
    assert 0 == _tags(any_engine)


def test_what_only_the_beginning_can_say_is_refused_inside(any_engine: sa.Engine) -> None:
    with Session(any_engine) as session:
        db = connect(session=session)
        with (
            pytest.raises(QueryError, match="readonly of a transaction inside"),
            db.transaction(readonly=True),
        ):
            pass


def test_a_transaction_that_could_not_begin_leaves_nothing(db: Database) -> None:
    with pytest.raises(ValueError, match="isolation level"), db.transaction(isolation_level="NONE"):
        pass
    assert not db.is_in_transaction()
    with db.transaction():
        assert db.is_in_transaction()


def test_an_engine_says_its_dialect_and_stays_open(any_engine: sa.Engine) -> None:
    with connect(engine=any_engine) as db:
        db.create_table(Tag).collect()
        assert 1 == db.insert("tags", [{"id": 1, "label": "x", "weight": 2}])
        expected = {"mariadb": "mysql"}.get(any_engine.dialect.name, any_engine.dialect.name)
        assert expected == db.dialect.name
    assert 1 == _tags(any_engine)


def test_mariadb_is_known_by_its_name(mariadb_url: str) -> None:
    url = sa.make_url(mariadb_url).set(drivername="mariadb+pymysql")
    with connect(url.render_as_string(hide_password=False)) as db:
        db.create_table(Tag).collect()
        assert 1 == db.insert(Tag, _row(1))


def test_each_thread_has_its_own(db: Database) -> None:
    seen = []
    with db.transaction():
        thread = threading.Thread(target=lambda: seen.append(db.is_in_transaction()))
        thread.start()
        thread.join()
    assert [False] == seen


def test_closing_rolls_back_what_is_open(any_url: str) -> None:
    db = connect(any_url)
    db.create_table(Tag).collect()
    db.connection_manager.begin_transaction()
    db.insert(Tag, _row(1))
    db.close()
    with pytest.raises(RuntimeError, match="closed"):
        db.table(Tag)
    with connect(any_url) as again:
        assert 0 == again.table(Tag).select().count()


@pytest.mark.parametrize("wrong", [{"engine": 3}, {"session": 3}])
def test_what_is_no_engine_and_no_session_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="SQLAlchemy"):
        connect(**wrong)


def test_a_url_that_is_none_is_refused_as_before() -> None:
    with pytest.raises(Exception, match="://"):
        connect("nothing")
