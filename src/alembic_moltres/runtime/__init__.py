"""Runs upgrades and downgrades of a database in use.

run          `run_migrations()`, the line of env.py; the runner in our commands
settings     its options
upgrade      an upgrade or downgrade: pending revisions, one process at a time
exclusion    one upgrade at a time: both locks
caller       locks in a transaction of the caller
connections  a second connection, for the lock; sleeping
revisions    runs each revision in its own transaction, and logs how it ended
statements   watches each statement of a revision: lock timeout, counts, retries
progress     shows the running statement, on a terminal or in the log
retries      when to retry after a refused lock, and the log line about it

Not here: the SQL of a database's locks, which is in `dialects`; resuming an interrupted revision,
which each operation does by itself (`operations/resuming.py`).
"""
