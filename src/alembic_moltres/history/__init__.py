"""The state of any revision, from its scripts, without a database.

state.py        what it is
replay.py       running the scripts
recording.py    what records and answers in a database's place
standin.py      an engine without a driver; driver.py, inspection.py, answers.py are its parts
catalogue.py    what the replayed database has
statements.py   what statements of SQLAlchemy and Alembic do; raw_ddl.py: those of text
"""
