"""Reproducible measurements of hot paths; each prints one JSON object a line."""
