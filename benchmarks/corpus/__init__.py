"""Real applications, migrated for a check: `make corpus`.

For each application of `applications.toml` and each database: what `alembic revision` with
`--autogenerate` writes for its models is run up, down and up again, and compared with what
`create_all()` makes; plain Alembic stands beside it.
"""
