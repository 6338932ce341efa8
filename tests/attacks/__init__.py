"""People answer in a known order; whoever holds a copy of everything tries to tell who gave which answer."""
