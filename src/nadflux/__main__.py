"""The command line, as ``python -m nadflux``."""

from nadflux.faces.cli import main

main()
