"""nadflux: NAD+ biology and autophagic flux, organ by organ, in people."""

__version__ = "0.1.0"
