"""`MariaDBImpl`: MariaDB, which SQLAlchemy calls by its own name where the URL does."""

from __future__ import annotations

from .mysql.impl import MySQLImpl


class MariaDBImpl(MySQLImpl):
    """MariaDB: MySQL's impl, which asks the server which of the two it is."""

    names = ("mariadb",)
    usual_server = "mariadb 10.11"


IMPL = MariaDBImpl
