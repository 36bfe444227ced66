"""What one can do in this room, a verb each."""
