"""The command line: one module per command, each imported only when it is called."""

from nadflux.faces.cli.app import main

__all__ = ["main"]
