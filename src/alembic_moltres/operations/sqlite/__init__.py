"""How a block runs on SQLite: its own ALTER TABLE where that suffices, else one copy of the table.

ordering.py    a block in stages, each at most one copy
native.py      what SQLite's ALTER TABLE does
rebuild.py     the frame of a copy: foreign keys, the transaction, the checks
copying.py     the copy
reshaping.py   the new CREATE TABLE text: the stored one with the changes in it
altering.py, keys.py, finding.py, pieces.py   parts of a text, found and exchanged
written.py     what SQLAlchemy writes for what is new
stored.py      what SQLite stores
"""

from .running import alter_table

__all__ = ["alter_table"]
