"""The hooks of `DialectImpl`, by what calls them. A hook raises, or its docstring has the default.

base         what all groups start from
comparison   the tables of a database, and those of the models as it would have them
statements   DDL, and the names that the database generates for what it creates
running      transactions, locks, errors, facts: an upgrade of a database in use; scratch databases
replay       scripts without a server
"""
