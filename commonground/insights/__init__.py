"""Everything the platform says about groups of people, drawn from released bytes alone.

Pages of a release, its files, and publishing it to staff with every key. What a page, a file and the staff's page
have in common (sentences, charts, words for numbers) is made in `commonground.releases`.
"""
