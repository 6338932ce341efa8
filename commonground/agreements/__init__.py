"""Agreements between the parties: charter, side letters, decisions, pauses; in force by the key of every party."""
