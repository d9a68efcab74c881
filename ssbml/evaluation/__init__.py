"""Honest accuracy: whole papers held out, baselines beside it, cards written from the figures."""
