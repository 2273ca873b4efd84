"""What `drift` does about a drift. `drift_command` is the command.

repair     `--repair`: the SQL that undoes it
revision   `--write`: the revision that makes it on other databases
"""
