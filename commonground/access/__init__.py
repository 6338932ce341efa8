"""Who may do what: the actor, the one permission table, the decision, and the declaration every screen makes.

The table in `table.py` is the platform's constitution. It is printed to docs/permissions.md, which people sign off.
"""
