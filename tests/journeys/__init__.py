"""Stories end to end, against the real servers."""
