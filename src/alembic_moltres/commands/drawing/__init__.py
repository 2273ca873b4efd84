"""How `erd` draws. `erd_command` is the command.

sources   the tables to draw: of a revision, of the models, of a database
files     the diagrams as text, and in files
"""
