"""A live database as values: reflection in bulk, and the database's own words for the models.

words.py       what is compared
align.py       the models' spelling where the words agree
postgresql.py, sqlite.py, mysql.py   reading and asking, one file (or folder) a dialect
"""
