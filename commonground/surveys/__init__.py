"""Surveys: written together, frozen as a paper, launched with every key, closed, opened with all parties' seals.

Words: a *paper* is the frozen survey; a *keeper* holds a party's sealing secret; the *tally* opens and counts.
"""
