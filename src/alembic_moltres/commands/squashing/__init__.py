"""`squash`: one script in the place of several.

squash_range        the revisions of a range, and what refers to them
copied_statements   the statements that the new script copies; copied_source: their source;
                    copied_objects: the views, functions and triggers that they create
                    statements_about_rows: those of rows that may be left out
stages, net_renames when a copied statement runs, and under which names
owned_sequences     statements about the sequences that columns own
squash              the new script; script: its text
replayed_proof      the proof that it makes the same state; proof: the same database
"""
