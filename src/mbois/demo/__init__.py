"""A believable city to look around in: all names invented, the same for the same seed."""
