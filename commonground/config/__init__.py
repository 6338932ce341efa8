"""Settings, addresses and commands: everything that turns the modules into running servers."""
