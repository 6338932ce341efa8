"""Tests of the whole: guards that hold everywhere, and journeys end to end."""
