"""Agreements between the parties: in this version the charter, in force once every bound party turned its key."""
