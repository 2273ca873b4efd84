"""The replayed database: its content after the scripts so far. No server is read.

database          types, sequences and tables; tables: the tables alone
inherited_tables  tables that inherit; inheritance: what they have from their parents
inheriting        what changes of tables do to those that inherit from them
names             the taken names of a schema
by_name           constraints and indexes that are dropped or renamed by name;
                  foreign_key_indexes: the indexes of MySQL's foreign keys
autoincrement     what a server keeps of columns that autoincrement
moved_table       a table that moves to another schema
owned_sequences   statements about the sequences that they own
"""
