"""The software a city runs its small-business recovery on."""

__version__ = "0.1.0"
