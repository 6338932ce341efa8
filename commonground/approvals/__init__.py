"""Keys: what binds several parties takes effect once each of them has turned its key on the same frozen text.

Words: a *frozen text* is exact bytes with a hash; a *bound party* is one that the text binds; a *key* is one
party's yes to that hash. An edit is a new text and voids the keys turned on the old one. This module knows actors
and party ids only; what a text does when it takes effect is registered by the module that owns its kind.
"""
