"""What each person sees first: the ten-step path lit by evidence, what waits for the own key, what is next."""
