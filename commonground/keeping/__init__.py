"""Backups: archives that keep no order, what lies beside them, and the register of where each one lies."""
