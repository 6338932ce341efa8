"""The command as an administrator runs it, settings, backups and the check of a server."""
