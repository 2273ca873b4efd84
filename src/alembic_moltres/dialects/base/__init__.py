"""What databases have in common: comparing, writing and running, each in terms of values.

impl, default_impl, package_impl     what is known of one database; its defaults; its modules
features, registry                   its capabilities as data; which impl serves a dialect
reflection                           reading tables
signatures                           what is compared of a column, a constraint, an index
unconfirmed                          the comparison of what could not be probed
probes                               the one engine that asks how a database normalises something
renames, align                       the database's tables as the models call and spell them
unstated                             what a database has and no model states
create_table, alter_table, ddl       statements, and the pieces that the one DDL writer compiles
sequences, alter_sequence            sequences beside their tables
autoincrement                        SERIAL and AUTO_INCREMENT in a block
constraint_names                     names that the database has given
statement, execution, as_connected   statements, and how they run, online and offline
statement_errors, dbapi_errors       what the compiler and the database reject, and the remedy
"""
