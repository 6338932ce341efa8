"""Comments: two reviewers, one of each side and blind to each other, decide what of them is published, and how.

The server holds sealed comments, decisions without words, and themes. Words arrive once both have decided to
publish them, and rest until the second of the two has agreed to each; what comes of it is a release of its own.
"""
