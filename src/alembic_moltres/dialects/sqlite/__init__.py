"""SQLite: the text that it stores is parsed, and compared token by token.

impl                                           what the rest of the package calls
errors                                         its error codes
tokens, cursor, parse                          the text, parsed
values, type_spellings                         values from the text
signatures                                     the signatures of both sides
reflection                                     the database's tables
expected, unstated                             the models' tables; what they need not state
alter_table, stages, native_alter              altering, by SQLite's ALTER TABLE where it suffices
edit_table, table_text, alter_columns          edit the text of a table
find_constraint, ddl                           parts of that text
move_and_copy, integrity, sqlite_master        copy a table with its indexes, triggers and views
inspected                                      what SQLAlchemy's inspector returns
rehearse                                       runs a copy in memory to get its statements
transaction, enforcement, swap                 a revision in one transaction; foreign keys in it
facts                                          what a change locks; sizes of tables
locks                                          a file lock for upgrades
scratch                                        lists and drops the objects of a scratch database
replay_queries                                 a script's sqlite_master and PRAGMA, in a replay
stored_objects                                 views and triggers
"""

from .impl import SQLiteImpl

IMPL = SQLiteImpl
