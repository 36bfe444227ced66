"""The pages of financing."""
