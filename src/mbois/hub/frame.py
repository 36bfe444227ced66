"""What the creative centre adds to the frame."""


def register() -> None:
    """Called once, when the program starts."""
