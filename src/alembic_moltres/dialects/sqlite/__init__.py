"""SQLite: its own text is read, and compared token by token.

tokens.py, cursor.py, ddl.py   the text, parsed
types.py, values.py            what it says, as values
words.py                       what it says, in words
reading.py                     the database
describing.py                  the models
"""

from .impl import SQLiteImpl

IMPL = SQLiteImpl
