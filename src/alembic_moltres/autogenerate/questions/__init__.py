"""What the models cannot say and a person knows: asked, or answered with `-x`.

question    a question as a value, and the lines that answer it
answers     what `-x moltres.rename=` and its siblings say
names       names in the values of `-x`
inquiry     the questions and answers of one command
told        the renames that `-x` tells of, checked
renames     which columns and tables were renamed
rows        what rows get in a new column, or in the place of a label
values      values in the answers
unanswered  no script is written with a question open
"""
