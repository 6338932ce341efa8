"""Comparisons: what several districts lend of their published results, side by side.

Each district lends by the key of every one of its parties, and any party ends it. A comparison is made of at least
five districts and judged with every earlier one together; it names no district and shows each only its own value.
"""
