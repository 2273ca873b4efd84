"""Databases compared with the states of history.

drift             a database compared with one state
outside_objects   views, functions and the like that no script creates
locate            the revision of a database; distances: how far it is from each
renamed_keys      keys without a name in the scripts that were renamed by hand
unowned_sequences sequences that no script made, which stay
"""
