"""The respondents' side, sealed off: frozen papers, code hashes, sealed answers, and the pages that take one.

Promises: nothing here points to a person; no session, cookie, address or time of an answer is written; an answer is
sealed in layers before it is stored, in a transaction that touches no person's row.
"""
