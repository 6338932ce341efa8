"""Agreements between the parties: in this version the charter, in force when every bound party has turned its key."""
