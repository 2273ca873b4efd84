"""One folder a database: reflection, comparison, DDL, altering.

base         what databases have in common
postgresql   PostgreSQL and the dialects that extend it
mysql        MySQL and MariaDB
mariadb      MariaDB, for URLs with its own name
sqlite       SQLite
duckdb       DuckDB
cockroachdb  CockroachDB, a subclass of PostgreSQL's
mssql        SQL Server, a subclass of the generic one
oracle       Oracle, a subclass of the generic one
generic      any other database that Alembic knows: written to, not read
"""
