"""PostgreSQL: reading its catalogue, and asking it how it spells what the models say.

catalogue.py                                  what is queried
tables, columns, constraints, indexes, named  a value and its words of what is queried
typenames, text, numbers, spelling            PostgreSQL's own text
describe, wanted, questions, asking, tokens   the words of the models' tables
"""

from .catalogue import table_names
from .tables import read

__all__ = ["read", "table_names"]
