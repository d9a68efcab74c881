"""The command line: a thin skin over the public functions."""

from ssbml.cli.main import main

__all__ = ["main"]
