"""Reads a staff list that a district exports, and shows what it would change before anything counts.

`sheet.read` turns bytes into lines of cells, `columns.guess_mapping` says which column is what, `check.check`
makes people or faults of the lines, `compare.compare` lays them beside the present list. Pure Python: nothing
here touches a database, and no column is kept that the partnership has no use for.
"""
