"""What databases have in common: comparing, writing and running, each in terms of values.

impl, hooks                          the interface of one database; its hooks, by what calls them
default_impl, package_impl           hooks that most databases share; those that are modules
features, registry                   capabilities as data; which impl serves a dialect
reflection                           reading tables
signatures                           what is compared of a column, a constraint, an index
by_identity                          one result for each object, such as a column that tables share
probes                               how a database normalises the models' text
compiled                             signatures of values alone, where no database is asked:
compiled_columns, compiled_items     their parts
renamed_tables, align                the database's tables with the models' names and forms
pending, present_names                the part of a change that the database does not have yet
sides_of_block                       the table of one side of a block, for that
column_checks                        CHECKs that are part of a column
unstated                             properties of the database that a model need not state
create_table, alter_table, ddl       statements, and the pieces that the one DDL writer compiles
sequences, alter_sequence            sequences beside their tables
constraint_names, probed_names       names that the database has generated
statement, execution, as_connected   a statement; running statements online and offline
reading                              errors of the database while it is read
statement_errors, dbapi_errors       errors of the compiler and the database, with remedies
driver_messages                      the code and the message of a driver's error
locks                                locks that keep upgrades from running at the same time
replay_queries                       a script's queries of the catalogue, in a replay
dump                                 the DDL of a whole database, from its own tool
stored_objects                       views, routines, triggers and other objects with SQL in them
impl_protocol                        the part of an impl that `execution` and errors use
facts                                what a change locks and rewrites
failing_rows                         counts of rows on which a change fails
rejections, near_names               kinds of errors with their remedies; similar names

The words of a comparison:

signature    the database's own form of an item as text; equal ones mean the same item
probe        an item of a temporary table: how does the database normalise a text of the models?
expected     the models' table as the database would have it, made from probes
align        to give an item of the database the models' spelling, if their signatures match
unstated     a property of the database that a model need not state; it is kept
unconfirmed  a text of the models that could not be probed, compared as text
implied      an index that the database creates on its own, for a constraint
pending      the part of a change that the database does not have yet
"""
