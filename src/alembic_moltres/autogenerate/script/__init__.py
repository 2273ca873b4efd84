"""A script's text.

render            operations as its lines
head              its import line and constants; table_constants: those of tables, shared values
class_names       the names of constants
formatting        the layout of values
"""
