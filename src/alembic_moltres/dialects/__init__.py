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

Where a thing is, in the folder of a database:

read         catalogue, reflection: the server's catalogue as rows, then as values
compared     columns, constraints, indexes or signatures: the signatures of both sides; expected:
             the models' side; then base.align and `alembic_moltres.diff`
written      in no dialect: `Value.call` of `schema.base`, by `autogenerate.script`
executed     alter_table and base.create_table, which `operations.toimpl` calls through impl
explained    errors: the kinds of the server's errors; facts: what a change locks
replayed     replay_queries: a script's own queries, answered without a server
"""
