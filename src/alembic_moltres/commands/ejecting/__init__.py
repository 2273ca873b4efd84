"""`eject`: a script as plain Alembic.

script   its text; source: its values and calls, replaced
plain    changes and values as calls of plain Alembic
"""
