"""Versions of retrained models: immutable folders, one pointer a name, rows kept beside them."""
