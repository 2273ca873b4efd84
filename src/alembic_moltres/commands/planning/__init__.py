"""How `plan` makes and writes a plan. `plan_command` is the command.

revisions    the revisions of a range, and what each does
databases    the connected databases, and the sizes of their tables
steps        the steps of a script, recorded during its replay
statements   the SQL of a step, shortened
undo         what `downgrade()` restores
impact       locks, rewrites and lost data
failing      the rows on which a step fails; counts: how many of them a database has
report       the contents of a plan, for each format; fact_text: texts for facts and sizes
text         the plan as text; markdown: for a pull request; as_json: for programs
"""
