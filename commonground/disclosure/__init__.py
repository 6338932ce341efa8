"""The release gate: decides which numbers of a survey may be shown, so that no person's answer follows.

It knows arrays, counts and one frozen table plan, and nothing of people, databases or pages, so that
anyone can run it on their own machine: `protect` makes the release, `verify` and `learn` judge one
from its published numbers alone.

Words: an *atom* is the finest group of people the plan can tell apart; a *cell* is a union of atoms that
the plan lists (the district, a reporting group, a pair of groups); a *line* is a total with its parts;
the *remainder* of a line is what is left of the total when the parts that are known are taken away.

Promises: the same answers give the same release in whatever order they arrive; a hidden value looks the
same whether it is small or shields a small one; no remainder of a line holds 1 to k - 1 people.
"""
