"""Questions about ambiguous changes: asked at the terminal, or answered with `-x`.

question          a question as a value, and the lines that answer it
answers           the answers of `-x moltres.rename=` and of the other `-x moltres.` arguments
names             names in the values of `-x`
questioner        the questions and answers of one command
rename_answers    the renames given with `-x`, checked
rename_questions  which columns and tables were renamed
rows              values for existing rows: in a new column, or for a removed label
labels            labels of a column's own: ENUM of MySQL, a CHECK with a list
values            values in the answers
whole_command     the command of the process, with the answers
open_questions    the open ones of a script, which is then not written
"""
