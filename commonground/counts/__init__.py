"""Counts: numbers that somebody counted elsewhere, such as who took part in a walk, brought through the gate.

The file is read once, in memory. What passed the gate waits as a draft, is frozen, and leaves by every party's key;
what the file held beyond that is written nowhere.
"""
