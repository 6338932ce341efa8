"""The record that cannot be edited unseen: an append-only, hash-chained ledger per partnership, and one per party.

Words: an *entry* is one recorded act; the *head* is the hash of the newest entry; a *chain* is a run of entries.
Promises: an exported chain verifies without the server (`commonground verify-ledger FILE --head HASH`), which finds
edits, deletions, insertions and reordering; a cut tail shows against a head that somebody holds.
"""
