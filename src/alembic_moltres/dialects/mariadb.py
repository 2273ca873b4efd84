"""`MariaDBImpl`: MariaDB, for URLs with its own name."""

from __future__ import annotations

from .mysql.impl import MySQLImpl


class MariaDBImpl(MySQLImpl):
    """MariaDB: MySQL's impl, which reads the server's version to tell the two apart."""

    names = ("mariadb",)
    usual_server = "mariadb 10.11"


IMPL = MariaDBImpl
