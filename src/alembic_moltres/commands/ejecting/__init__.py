"""`eject`: a script as plain Alembic.

script   its text; source: its values and calls, replaced; calls: what these do
plain    changes and values as calls of plain Alembic
"""
