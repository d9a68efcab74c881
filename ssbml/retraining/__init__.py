"""Learning from lab rows."""
