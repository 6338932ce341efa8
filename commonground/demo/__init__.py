"""The demonstration district and its cast, made through the same actions and the same door as real use."""
