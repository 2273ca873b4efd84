"""SQLite: the text that it stores is parsed, and compared token by token.

impl                                           what the rest of the package calls
errors                                         its error codes
tokens, cursor, parse                          the text, parsed
values, type_spellings                         the values of the text
signatures                                     the signatures of both sides
reflection                                     the database's tables
expected                                       the models' tables
alter_table, stages, native_alter              altering, by SQLite's ALTER TABLE where it suffices
edit_table, table_text, alter_columns          the new text of a table
find_constraint, autoincrement, ddl            parts of that text
move_and_copy, integrity, sqlite_master        a table copied, with its indexes, triggers and views
inspected_index                                an index as the inspector of SQLAlchemy has it
rehearse                                       what is executed, for what cannot be written offline
transaction, enforcement, swap                 a revision in one transaction; foreign keys in it
facts, sizes                                   what a change locks; how large tables are
locks                                          how upgrades wait for one another
scratch                                        what a scratch database has, and emptying it
stored_objects                                 what it has beside tables: views, routines, triggers
"""

from .impl import SQLiteImpl

IMPL = SQLiteImpl
