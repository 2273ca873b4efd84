"""What `plan` tells of revisions. `plan_command` is the command.

revisions    which revisions, and what each does
databases    the databases that are connected, and how large their tables are
steps        the steps of a script, noted while it is replayed
statements   the SQL of a step, short
undo         what the way back leaves
impact       locks, rewrites and losses
report       what is told of a revision; phrases: the words for facts and sizes
wording      a step in words
text         the plan for a person; markdown: for a pull request; as_json: for programs
"""
