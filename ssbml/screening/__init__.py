"""Screening: from a search space to a ranked list of recipes."""
