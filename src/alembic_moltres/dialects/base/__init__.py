"""What databases have in common: comparing, writing and running, each in terms of values.

impl, features, registry             what is known of one database, and which serves a dialect
reflection                           reading tables
signatures                           what is compared of a column, a constraint, an index
probes                               the one engine that asks how a database normalises something
renames, align                       the database's tables as the models call and spell them
statement, create_table, alter_table statements
ddl                                  pieces of them
sequences, alter_sequence            sequences beside their tables
autoincrement                        SERIAL and AUTO_INCREMENT in a block
constraint_names, foreign_key_names  names that the database has given
execution, as_connected              statements run, online and offline
dbapi_errors                         what a database rejects, and the remedy
"""
