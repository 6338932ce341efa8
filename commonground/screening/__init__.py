"""Screening: what in a comment may tell who wrote it or whom it is about. It flags and never decides.

`rules.json` holds the rules for English and Spanish; `screening.py` and `screening.js` read the same file and flag
the same places. `kappa.py` tells how far two readers agree. Pure Python without Django, run alone; nothing here
calls out to anything.
"""
