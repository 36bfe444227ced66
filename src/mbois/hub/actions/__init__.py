"""What is done in the creative centre."""
