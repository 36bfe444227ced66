"""The verbs of the market."""
