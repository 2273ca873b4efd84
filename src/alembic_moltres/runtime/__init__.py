"""Running upgrades and downgrades of a database that is in use.

run             `run_migrations()`, the line of env.py
environment     the same built into a command, for an env.py that has Alembic's lines
settings        its options
upgrade         what is pending, and who may do it
exclusion       one upgrade at a time: both locks
caller          locks in a transaction of the caller's
connections     a connection of the lock's own; sleeping
revisions       one transaction a revision
statements      each statement of a revision: limited, counted, repeated
progress        what is being executed, on a terminal or in the log
report          what is said of a revision that has ended or failed
attempts        how often something is repeated, and what is said then

Not here: the SQL of a database's locks, which is in `dialects`.
"""
