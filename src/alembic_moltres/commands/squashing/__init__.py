"""`squash`: one script in the place of several.

squash_range           the revisions of a range, and what refers to them
copied_statements      the statements that the new script copies; copied_source: their source
inspected_conditions   statements that change tables if an inspector finds something
mapped_names           classes and tables that others name in a text
copied_objects         the views, functions and triggers that they create
statements_about_rows  those of tables without rows, which are left out
rowless_statements     those that change nothing in tables without rows
timeline               when a copied statement runs; points: a time of the range
net_changes            what changes between two times; net_renames: what is renamed
changes_between        the changes from one replayed database to another
repeated_keys          UNIQUE constraints like the primary key, which CREATE TABLE would merge
owned_sequences        statements about the sequences that columns own
free_types             the types and sequences that no table holds
squash                 the new script; script: its text; used_labels: labels that it uses at once
replayed_proof         proves by a replay that it makes the same state; row_proof: and the same rows
scratch_proof          proves on a scratch database that it makes the same database
"""
