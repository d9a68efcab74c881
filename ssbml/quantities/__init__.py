"""Fitted models of single quantities: a number with its interval, a probability with its range."""
