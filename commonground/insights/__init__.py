"""Everything the platform says about groups of people, drawn from released bytes alone.
"""
