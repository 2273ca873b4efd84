"""What `alembic revision --autogenerate` finds, and the script that it writes.

compare                      the straight way: gather, reflect, align, diff, filter
change_operations            operations of what was found
environment                  what an env.py may lack
gather                       the models and the database
sources, history_source      what the models are compared with
gc_pause                     no garbage collection meanwhile
remarks                      comments on what a change loses, and on which rows it fails
rename_hints                 renames that the models tell of
questions                    renames that a person tells of; what else only a person knows
generated_names              names that the database made of a renamed table's or column's
filters, compare_hooks       what the environment decides
excluded                     what filters exclude stays on both sides
attached_ddl, attached_text   what DDL text of events names is left alone
live_items                   the live object of a frozen item, which filters get
third_party                  comparators of others
validate                     whether the connected database can create the new tables
unsupported_dialects         databases that Alembic compares: its operations become ours
removed_tables               what is dropped there, for the downgrade
drift                        a database against a state of history
outside_objects              views, functions and the like that no script makes
locate, candidates           which revision of a history a database is at
given_names                  names that a person gave to keys without one
operation_rows               operations as lines that a person reads: what `check` tells
empty_revisions              revisions without operations
check_message                the message of Alembic's own `check`
render                       operations as lines of a script
script_head, repeated        the import line and the constants, shared values among them
class_names, formatting      the names of constants, and the layout of values

The plugin registers them.
"""

import alembic as _alembic  # noqa: F401  # before ours: it loads its plugins, and they load us
