"""What databases have in common: comparing, writing and running, each in terms of values.

impl, default_impl, package_impl     the interface of one database, its defaults, its modules
features, registry                   capabilities as data; which impl serves a dialect
reflection                           reading tables
signatures                           what is compared of a column, a constraint, an index
unconfirmed                          the comparison of what could not be probed
probes                               how a database normalises the models' text
compiled                             signatures of values alone, where no database is asked:
compiled_columns, compiled_items     their parts
renames, align                       the database's tables with the models' names and forms
pending                              what of a change is to be done yet
unstated                             what a database has and a model does not state
create_table, alter_table, ddl       statements, and the pieces that the one DDL writer compiles
sequences, alter_sequence            sequences beside their tables
constraint_names, probed_names       names that the database has given
statement, execution, as_connected   statements, and running them online and offline
statement_errors, dbapi_errors       errors of the compiler and the database, with remedies
locks                                how upgrades wait for one another
stored_objects                       views, routines, triggers and the like
database                             what the execution of statements uses of an impl
facts                                what a change locks and rewrites, and what is lost
failing_rows                         counts the rows on which a change fails
rejections, near_names               the remedies; what may have been meant
"""
