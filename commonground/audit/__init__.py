"""What somebody who holds a copy of everything looks for: whatever could tie an answer to a person.

Runs alone on files: no Django, no network, no phrase. `audit.examine` is the way in.
"""
