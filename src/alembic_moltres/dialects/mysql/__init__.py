"""MySQL and MariaDB: information_schema is read, and temporary tables say how things are spelt.

rows.py                        what the server says, from either source
catalogue.py, reading.py       the database
types.py, values.py, words.py  what it says, as values and in words
text.py, asking.py             the server's answers
describing.py, fallback.py     the models
"""

from .impl import MySQLImpl

IMPL = MySQLImpl
