"""Output of commands.

console       text, a table, JSON
table_text    a table as text
json_values   values as JSON
"""
