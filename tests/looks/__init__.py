"""Every page of both doors, as people find it: by following links, in a real browser."""
