"""The command line: one module per command, each imported only when it is called."""

from nadflux.faces.cli.start import main

__all__ = ["main"]
