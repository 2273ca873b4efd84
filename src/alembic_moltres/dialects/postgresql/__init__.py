"""PostgreSQL: reading its catalogue, and asking it how it spells what the models say.

catalogue.py                                  what is queried
tables, columns, constraints, indexes, named  what is read of that: values and their words
typenames, text, numbers, spelling            PostgreSQL's own text
ddl, desired                                  the DDL text that the models stand for
drafting, item_drafts, drafts                 the models' words, with questions in them
questions, asking, answered                   what the database is asked, and answers
tokens                                        where it cannot be asked
"""

from .impl import PostgreSQLImpl

IMPL = PostgreSQLImpl
