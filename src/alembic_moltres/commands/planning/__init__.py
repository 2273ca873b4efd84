"""What `plan` tells of revisions. `plan_command` is the command.

revisions    which revisions, and what each does
databases    the databases that are connected
steps        the steps of a script, noted while it is replayed
statements   the SQL of a step, short
undo         what the way back leaves
wording      a step in words
text         the plan for a person
"""
