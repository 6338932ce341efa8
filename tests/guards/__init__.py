"""Promises of the whole, checked on every route, act, table and template there is."""
